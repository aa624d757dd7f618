import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isoInstantOrNull } from '../../core/contract/instant.ts';
import type { DefaultSchedule } from '../../core/ports.ts';
import { readScheduleFile } from '../../core/schedule/schedule-file.ts';
import { world } from '../support/world.ts';

const doc = readFileSync(new URL('../../docs/coming-from-apscheduler.md', import.meta.url), 'utf8');

/** The rows of the first table under a heading, as the texts of their cells. */
function rowsUnder(heading: string): [string, string, string][] {
  const section = doc.slice(doc.indexOf(`## ${heading}`)).split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  return rows.slice(1).map(
    (row) =>
      row
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replaceAll('`', '').trim()) as [string, string, string],
  );
}

const dueTimes = (cell: string) => cell.split(', ');

describe('the schedules of the old service', () => {
  const rows = rowsUnder('Schedules');
  it('are a table with every field', () => {
    expect(rows.length).toBeGreaterThan(25);
    const args = rows.map(([then]) => then).join();
    for (const name of [
      'year',
      'month',
      'day',
      'week',
      'day_of_week',
      'hour',
      'minute',
      'second',
      'weeks',
      'days',
      'hours',
      'minutes',
      'seconds',
      'start_date',
      'end_date',
      'run_date',
    ])
      expect(args).toContain(`"${name}"`);
  });

  it.each(rows)('%s is now %s', async (_then, now, due) => {
    const w = world();
    const { status, json } = await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', ...JSON.parse(now) });
    expect([status, json.nextRuns.slice(0, 3)]).toEqual([201, dueTimes(due)]);
  });
});

describe('the .schedule file', () => {
  it.each(rowsUnder('The `.schedule` file'))('%s', async (text, now, due) => {
    const { start, end, ...file } = readScheduleFile(text.replaceAll('\\n', '\n'));
    const schedule: DefaultSchedule = { ...file, start: isoInstantOrNull(start), end: isoInstantOrNull(end) };
    const w = world({ noop: schedule });
    const { status, json } = await w.request('POST', '/v1/jobs', { id: 'noop', ...JSON.parse(now) });
    expect([status, json.nextRuns.slice(0, 3)]).toEqual([201, dueTimes(due)]);
  });
});

describe('the errors', () => {
  it.each(rowsUnder('Errors'))('%s: %s answers %s', async (_then, request, answer) => {
    const w = world();
    // The folders `taken` and `plain` of the old service are modules here.
    const withModule = (text: string) =>
      text.replace('{"id": "plain"', '{"id": "plain", "module": "noop"').replace('{"id": "taken"', '{"id": "taken", "module": "noop"');
    await w.request('POST', '/v1/jobs', { id: 'taken', module: 'noop', schedule: 'rate(1 hour)' });
    const [method = '', path = ''] = request.split(' ');
    const { status, json } = path.startsWith('/')
      ? await w.request(method, path, method === 'PUT' ? {} : undefined)
      : await w.request('POST', '/v1/jobs', withModule(request));
    expect(`${status} ${json.code}`).toBe(answer);
    expect((await w.request('GET', '/v1/jobs')).json.total).toBe(1);
  });
});
