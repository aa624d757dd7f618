import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import csvDigest from '../../jobs/csv-digest/index.ts';
import { close, listen } from '../../local/loopback.ts';
import { runOnce } from '../support/run-once.ts';

const CSV = 'day,amount,note\n2027-01-01,10.5,"first, really"\n2027-01-02,-4,\n';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-csv-'));
  await writeFile(join(folder, 'a.csv'), CSV);
  await writeFile(join(folder, 'b.csv'), `\uFEFF${CSV}`);
  await writeFile(join(folder, 'c.txt'), 'no csv');
});
afterAll(() => rm(folder, { recursive: true }));

it('digests the .csv files of a folder', async () => {
  expect(await runOnce(csvDigest, { from: folder })).toMatchObject({
    outcome: {
      state: 'succeeded',
      output: {
        files: 2,
        rows: 4,
        digests: [{ name: 'a.csv', rows: 2, numbers: { amount: { sum: 6.5, min: -4, max: 10.5 } } }, { name: 'b.csv' }],
      },
    },
    record: { progress: { done: 2, total: 2, message: 'files' } },
  });
});

it('digests what a URL answers, gives up where there is nothing, and skips an empty folder', async () => {
  const server = createServer((request, response) => response.writeHead(request.url === '/numbers.csv' ? 200 : 404).end(CSV));
  const url = `http://127.0.0.1:${await listen(server)}`;
  expect(await runOnce(csvDigest, { from: `${url}/numbers.csv` })).toMatchObject({ outcome: { state: 'succeeded', output: { rows: 2 } } });
  expect(await runOnce(csvDigest, { from: `${url}/none.csv` })).toMatchObject({ outcome: { state: 'failed', reason: 'gaveUp' } });
  await close(server);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  expect(await runOnce(csvDigest, { from: empty })).toMatchObject({ outcome: { state: 'skipped', reason: 'byModule' } });
});
