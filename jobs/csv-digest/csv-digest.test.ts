import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModule, simulate } from 'carillon/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import csvDigest from './index.ts';

const CSV = 'day,amount,note\n2027-01-01,10.5,"first, really"\n2027-01-02,-4,\n';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-csv-'));
  await writeFile(join(folder, 'a.csv'), CSV);
  await writeFile(join(folder, 'b.csv'), `\uFEFF${CSV}`);
  await writeFile(join(folder, 'c.txt'), 'no csv');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllGlobals());

it('digests the .csv files of a folder', async () => {
  expect(await runModule(csvDigest, { from: folder })).toMatchObject({
    state: 'succeeded',
    output: {
      files: 2,
      rows: 4,
      digests: [{ name: 'a.csv', rows: 2, numbers: { amount: { sum: 6.5, min: -4, max: 10.5 } } }, { name: 'b.csv' }],
    },
    progress: { done: 2, total: 2, message: 'files' },
  });
});

it('digests what a URL answers, gives up where there is nothing, and skips an empty folder', async () => {
  vi.stubGlobal('fetch', async (url: string) => new Response(CSV, { status: url.endsWith('/numbers.csv') ? 200 : 404 }));
  const url = 'https://example.com';
  expect(await runModule(csvDigest, { from: `${url}/numbers.csv` })).toMatchObject({ state: 'succeeded', output: { rows: 2 } });
  expect(await runModule(csvDigest, { from: `${url}/none.csv` })).toMatchObject({ state: 'failed', reason: 'gaveUp' });
  const empty = join(folder, 'empty');
  await mkdir(empty);
  expect(await runModule(csvDigest, { from: empty })).toMatchObject({ state: 'skipped', reason: 'byModule' });
});

it('skips a due time while a slow answer is still awaited', async () => {
  vi.stubGlobal('fetch', async () => {
    await new Promise((resolve) => setTimeout(resolve, 90_000));
    return new Response(CSV);
  });
  const { runs } = await simulate({
    modules: { 'csv-digest': csvDigest },
    jobs: [{ id: 'csv-digest', schedule: 'rate(1 minute)', input: { from: 'https://example.com/numbers.csv' } }],
    from: '2027-01-04T07:00:00Z',
    to: '2027-01-04T07:05:00Z',
  });
  expect(runs).toMatchObject([
    { dueAt: '2027-01-04T07:01:00Z', state: 'succeeded', durationMs: 90_000 },
    { dueAt: '2027-01-04T07:02:00Z', state: 'skipped', reason: 'overlap' },
    { dueAt: '2027-01-04T07:03:00Z', state: 'succeeded' },
    { dueAt: '2027-01-04T07:04:00Z', state: 'skipped' },
    { dueAt: '2027-01-04T07:05:00Z', state: 'running' },
  ]);
});
