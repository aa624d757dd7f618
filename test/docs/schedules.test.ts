import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { world } from '../support/world.ts';

const doc = readFileSync(new URL('../../docs/schedules.md', import.meta.url), 'utf8');
const rows = doc
  .split('\n')
  .slice(
    0,
    doc.split('\n').findIndex((line) => line.startsWith('## Cron')),
  )
  .filter((line) => /^\| .*`/.test(line))
  .map((line) => line.slice(2, -2).split(' | ') as [string, string, string, string]);

it('has examples of every spelling', () => expect(rows.length).toBeGreaterThan(15));

it.each(rows)('%s: %s in %s', async (_what, cell, timezone, due) => {
  const text = cell.replaceAll('`', '');
  const schedule = text.startsWith('{') ? JSON.parse(text) : text;
  const w = world();
  const preview = (await w.request('POST', '/v1/preview', { schedule, timezone, count: 3 })).json;
  expect(preview).toMatchObject({ valid: true, nextRuns: due.split(', ') });
  const { status, json } = await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule, timezone });
  expect([status, json.nextRuns.slice(0, 3)]).toEqual([201, due.split(', ')]);
});
