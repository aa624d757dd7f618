import { describe, expect, it } from 'vitest';
import { deliverTick } from '../../core/run/deliver.ts';
import { occurrencesBetween } from '../../core/schedule/occurrences.ts';
import { iso, timing } from '../support/timing.ts';
import { world } from '../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ROUTINE = { restarted: false };

async function created(body: object) {
  const w = world();
  expect((await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', ...body })).status).toBe(201);
  const invocation = () => ({ id: 'late', deadline: w.clock.now() + 900_000 });
  return { ...w, schedule: () => [...w.engine.schedules.values()][0], invocation };
}

describe('a tick that is still under way', () => {
  it('is an occurrence however often the job was changed since', async () => {
    const w = await created({ schedule: 'cron(0 8 * * ? *)' });
    const payload = w.schedule()?.payload;
    await w.clock.advance(8 * HOUR + 10 * SECOND);
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(0 9 * * ? *)' });
    await w.clock.advance(10 * SECOND);
    await w.request('PATCH', '/v1/jobs/job', { timezone: 'Europe/Berlin' });
    await w.request('POST', '/v1/jobs/job/pause');
    await w.request('POST', '/v1/jobs/job/resume');
    if (!payload) throw new Error('no schedule');
    const tick = { ...payload, dueAt: Date.parse('2027-01-01T08:00:00Z') };
    expect(await deliverTick(w.runner, tick, w.invocation())).toMatchObject({ is: 'ran', run: { runId: '20270101T080000Z' } });
  });

  it('of one of many late ones is judged by what fell due under any timing since', async () => {
    const w = await created({ schedule: 'cron(* * * * ? *)' });
    const payload = w.schedule()?.payload;
    await w.clock.advance(9 * MINUTE + 30 * SECOND);
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(0 0 1 * ? *)' });
    await w.clock.advance(5 * MINUTE);
    const outcomes: string[] = [];
    for (let minute = 1; minute <= 9; minute++) {
      if (payload)
        outcomes.push((await deliverTick(w.runner, { ...payload, dueAt: Date.parse(`2027-01-01T00:0${minute}:00Z`) }, w.invocation())).is);
    }
    expect(outcomes).toEqual([...Array(8).fill('recorded'), 'ran']);
  });

  it('and comes before its point of the grid waits for it in the queue', async () => {
    const w = await created({ schedule: 'rate(1 hour)' });
    const payload = w.schedule()?.payload;
    await w.clock.advance(HOUR - 30 * SECOND);
    if (!payload) throw new Error('no schedule');
    expect(await deliverTick(w.runner, { ...payload, dueAt: w.clock.now() }, w.invocation())).toEqual({ is: 'queued', count: 1 });
  });
});

describe('an edit', () => {
  it('is measured by the grid that the rate keeps', async () => {
    const w = await created({ schedule: 'rate(1 day)' });
    await w.clock.advance(23 * HOUR);
    const { status, json } = await w.request('PATCH', '/v1/jobs/job', { end: '2027-01-02T01:00:00Z' });
    expect([status, json.nextRuns]).toEqual([200, ['2027-01-02T00:00:00Z']]);
  });

  it('takes zone and bounds from the file with its schedule', async () => {
    const file = { title: null, schedule: { type: 'cron', hour: '9' }, timezone: 'Europe/Berlin', start: null, end: null } as const;
    const w = world({ noop: file });
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)', end: '2028-01-01T00:00:00Z' });
    expect((await w.request('PATCH', '/v1/jobs/job', { fromFile: true })).json).toMatchObject({
      timezone: 'Europe/Berlin',
      end: null,
      nextRun: '2027-01-01T08:00:00Z',
    });
  });

  it('nested without end is refused', async () => {
    const w = await created({ schedule: 'rate(1 hour)' });
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const member of ['input', 'schedule', 'tags']) {
      const { status, json } = await w.request('PATCH', '/v1/jobs/job', `{"${member}":${deep}}`);
      expect([status, json.code]).toEqual([422, 'invalidInput']);
    }
  });
});

describe('a schedule in EventBridge', () => {
  it('is removed when an edit leaves nothing due before the reconciler comes', async () => {
    const w = await created({ schedule: 'rate(1 minute)' });
    w.engine.answers.push({ is: 'retry', reason: 'ThrottlingException' });
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'at(2027-01-01T00:01:00)' });
    expect(w.engine.schedules.size).toBe(1);
    await w.clock.advance(5 * MINUTE);
    await w.reconcile(ROUTINE);
    expect(w.engine.schedules.size).toBe(0);
    expect((await w.request('GET', '/v1/jobs/job')).json).toMatchObject({ state: 'completed', problem: null });
  });

  it('is not made for a rate that ends before EventBridge could tick', async () => {
    const w = world();
    await w.clock.advance(400);
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 minute)', end: '2027-01-01T00:01:30Z' });
    expect(w.engine.schedules.size).toBe(0);
    await w.live(3 * MINUTE);
    expect((await w.request('GET', '/v1/jobs/job/runs')).json.runs).toMatchObject([{ dueAt: '2027-01-01T00:01:00Z', state: 'succeeded' }]);
  });
});

describe('an account', () => {
  it('is made again when a due time was answered in between', async () => {
    const w = await created({ schedule: 'cron(* * * * ? *)', policies: { catchUp: { run: 'none' } } });
    await w.reconcile(ROUTINE);
    w.queue.sent.length = 0;
    await w.clock.advance(10 * MINUTE + SECOND);
    const { list } = w.runs;
    // The answer to the last due time comes after the account has read the records.
    w.runs.list = async (...args) => {
      const page = await list.apply(w.runs, args);
      w.runs.list = list;
      await w.tick('job', '2027-01-01T00:10:00Z');
      return page;
    };
    await w.reconcile(ROUTINE);
    await w.reconcile(ROUTINE);
    const { runs } = (await w.request('GET', '/v1/jobs/job/runs')).json;
    const counted = runs.reduce((sum: number, run: { missed?: { count: number } }) => sum + (run.missed?.count ?? 1), 0);
    expect(counted).toBe(10);
  });

  it('covers what fell due while the schedules were made again', async () => {
    const w = await created({ schedule: 'at(2027-01-01T00:20:00)' });
    await w.reconcile(ROUTINE);
    w.engine.schedules.clear();
    await w.clock.advance(20 * MINUTE - SECOND);
    const { list } = w.jobs;
    // The walk that restores comes to this job only after its due time.
    w.jobs.list = async (page) => {
      w.jobs.list = list;
      await w.clock.advance(2 * SECOND);
      return list.call(w.jobs, page);
    };
    await w.reconcile();
    await w.live(SECOND);
    expect((await w.request('GET', '/v1/jobs/job/runs')).json.runs).toMatchObject([
      { dueAt: '2027-01-01T00:20:00Z', state: 'succeeded', late: false },
    ]);
  });

  it('ends a stretch at a run that was asked for inside it', async () => {
    const w = await created({ schedule: 'cron(* * * * ? *)', policies: { catchUp: { run: 'none' } } });
    await w.reconcile(ROUTINE);
    await w.clock.advance(5 * MINUTE + 10 * SECOND);
    await w.request('POST', '/v1/jobs/job/run');
    await w.clock.advance(6 * MINUTE);
    await w.reconcile(ROUTINE);
    expect(await w.tick('job', '2027-01-01T00:03:00Z')).toEqual({ is: 'dropped', why: 'duplicate' });
  });

  it('of days of seconds has a bound in memory and an answer for each', async () => {
    const w = await created({ schedule: 'rate(1 second)' });
    await w.reconcile(ROUTINE);
    await w.clock.advance(3 * 24 * HOUR);
    const before = process.memoryUsage().heapUsed;
    await w.reconcile(ROUTINE);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    const { runs } = (await w.request('GET', '/v1/jobs/job/runs')).json;
    const stretch = runs.find((run: { missed?: unknown }) => run.missed);
    // All but the last minute, which is run.
    expect(stretch.missed).toMatchObject({ from: '2027-01-01T00:00:01Z', count: 3 * 86_400 - 60 });
  });
});

it('the repeated hour of autumn is not lost at the end of what a cron names', () => {
  const t = timing('cron(30 * 29 10 ? 2026)', { zone: 'Africa/Cairo' });
  expect(occurrencesBetween(t, Date.parse('2026-10-29T19:00:00Z'), Infinity, 9).map(iso)).toEqual([
    '2026-10-29T19:30:00Z',
    '2026-10-29T20:30:00Z',
    '2026-10-29T21:30:00Z',
  ]);
});
