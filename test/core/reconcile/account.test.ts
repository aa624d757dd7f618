import { describe, expect, it } from 'vitest';
import { iso } from '../../support/timing.ts';
import { NOTHING, world } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type World = ReturnType<typeof world>;

/** A host that is down: EventBridge and the queue forget everything, and time passes. */
async function outage(w: World, ms: number): Promise<void> {
  w.engine.schedules.clear();
  w.queue.sent.length = 0;
  await w.clock.advance(ms);
}

async function recordsOf(w: World, id: string) {
  const { runs } = (await w.request('GET', `/v1/jobs/${id}/runs?limit=100`)).json;
  return runs
    .toReversed()
    .map((run: { state: string; dueAt: string; late: boolean; missed?: { from: string; to: string; count: number } }) =>
      run.missed
        ? `missed ${run.missed.count}: ${run.missed.from} to ${run.missed.to}`
        : `${run.state}${run.late ? ' late' : ''} ${run.dueAt}`,
    );
}

async function upFor(w: World, jobs: object[], ms: number): Promise<void> {
  await w.reconcile();
  for (const job of jobs) expect((await w.request('POST', '/v1/jobs', { module: 'noop', ...job })).status).toBe(201);
  await w.live(ms);
}

describe('after an outage', () => {
  const half = { id: 'half', schedule: 'cron(0/30 * * * ? *)' };

  it.each([
    ['latest, the default', {}, ['missed 27: 2027-01-01T01:00:00Z to 2027-01-01T14:00:00Z', 'succeeded late 2027-01-01T14:30:00Z']],
    ['none', { catchUp: { run: 'none' } }, ['missed 28: 2027-01-01T01:00:00Z to 2027-01-01T14:30:00Z']],
    [
      'all, within two hours',
      { catchUp: { run: 'all', within: '2h' } },
      [
        'missed 24: 2027-01-01T01:00:00Z to 2027-01-01T12:30:00Z',
        ...['13:00', '13:30', '14:00', '14:30'].map((time) => `succeeded late 2027-01-01T${time}:00Z`),
      ],
    ],
  ])('of 14 hours, catchUp is %s', async (_, policies, expected) => {
    const w = world();
    await upFor(w, [{ ...half, policies }], 40 * MINUTE);
    await outage(w, 14 * HOUR);
    const { gaps } = await w.reconcile();
    expect(gaps).toBe(28);
    await w.live(2 * MINUTE);
    expect((await recordsOf(w, 'half')).slice(1)).toEqual(expected);
    expect(await w.reconcile()).toEqual(NOTHING);
    await w.live(HOUR);
    expect((await recordsOf(w, 'half')).slice(1)).toEqual([
      ...expected,
      'succeeded 2027-01-01T15:00:00Z',
      'succeeded 2027-01-01T15:30:00Z',
    ]);
  });

  it('an at that passed is run late within an hour, and missed after it', async () => {
    const w = world();
    await upFor(
      w,
      [
        { id: 'early', schedule: 'at(2027-01-01T01:00:00)' },
        { id: 'recent', schedule: 'at(2027-01-01T04:30:00)' },
      ],
      MINUTE,
    );
    await outage(w, 5 * HOUR);
    await w.reconcile();
    await w.live(MINUTE);
    expect(await recordsOf(w, 'early')).toEqual(['missed 1: 2027-01-01T01:00:00Z to 2027-01-01T01:00:00Z']);
    expect(await recordsOf(w, 'recent')).toEqual(['succeeded late 2027-01-01T04:30:00Z']);
    expect((await w.request('GET', '/v1/jobs/early')).json.state).toBe('completed');
  });

  it('of less than a minute, nothing is late, and overlap is as always', async () => {
    const w = world();
    await upFor(w, [{ id: 'ten', schedule: 'rate(10 seconds)', policies: { overlap: 'allow' } }], 25_000);
    await outage(w, 33_000);
    await w.reconcile();
    await w.live(10_000);
    expect(await recordsOf(w, 'ten')).toEqual(
      ['10', '20', '30', '40', '50'].map((s) => `succeeded 2027-01-01T00:00:${s}Z`).concat('succeeded 2027-01-01T00:01:00Z'),
    );
  });

  it('a job that was paused, edited or created meanwhile owes nothing for the time before', async () => {
    const w = world();
    await upFor(
      w,
      [
        { ...half, id: 'paused' },
        { ...half, id: 'edited' },
      ],
      10 * MINUTE,
    );
    await w.request('POST', '/v1/jobs/paused/pause');
    await outage(w, 3 * HOUR);
    await w.request('PATCH', '/v1/jobs/edited', { schedule: 'cron(15 * * * ? *)' });
    await w.request('POST', '/v1/jobs', { id: 'new', module: 'noop', schedule: 'cron(0/5 * * * ? *)' });
    await w.reconcile();
    await w.live(MINUTE);
    expect(await recordsOf(w, 'paused')).toEqual([]);
    expect(await recordsOf(w, 'new')).toEqual([]);
    expect(await recordsOf(w, 'edited')).toEqual([
      'missed 5: 2027-01-01T00:30:00Z to 2027-01-01T02:30:00Z',
      'succeeded late 2027-01-01T03:00:00Z',
    ]);
  });

  it('starts are paced, and the time is accounted for again when something failed', async () => {
    const w = world();
    await upFor(
      w,
      Array.from({ length: 50 }, (_, n) => ({ id: `job-${n}`, schedule: 'rate(20 minutes)' })),
      MINUTE,
    );
    await outage(w, HOUR);
    w.queue.isDown = true;
    expect((await w.reconcile({ restarted: false })).failed).toBe(50);
    w.queue.isDown = false;
    await w.reconcile({ restarted: false });
    const delays = w.queue.sent.map(({ delaySeconds }) => delaySeconds);
    expect([delays.length, Math.max(...delays)]).toEqual([50, 2]);
  });
});

it('hundreds of records since the walk before are read, page by page', async () => {
  const w = world();
  await upFor(w, [{ id: 'ten', schedule: 'rate(10 seconds)' }], 40 * MINUTE);
  expect(await w.reconcile({ restarted: false })).toEqual(NOTHING);
});

describe('a late delivery', () => {
  it('is decided by the same rule, and never twice', async () => {
    const w = world();
    await upFor(w, [{ id: 'job', schedule: 'cron(0 * * * ? *)' }], MINUTE);
    await w.clock.advance(2 * HOUR + 30 * MINUTE);
    expect(await w.tick('job', '2027-01-01T01:00:00Z')).toMatchObject({ is: 'recorded', run: { state: 'missed' } });
    expect(await w.tick('job', '2027-01-01T02:00:00Z')).toMatchObject({ is: 'ran', run: { late: true } });
    expect(await w.tick('job', '2027-01-01T01:00:00Z')).toEqual({ is: 'dropped', why: 'duplicate' });
  });

  it('of an occurrence inside a missed stretch changes nothing', async () => {
    const w = world();
    await upFor(w, [{ id: 'job', schedule: 'cron(0 * * * ? *)', policies: { catchUp: { run: 'none' } } }], MINUTE);
    const schedule = [...w.engine.schedules.values()];
    await outage(w, 5 * HOUR);
    await w.reconcile();
    for (const one of schedule) w.engine.schedules.set(one.name, one);
    expect(await w.tick('job', '2027-01-01T03:00:00Z')).toEqual({ is: 'dropped', why: 'duplicate' });
    const { runs } = await w.runs.list((await w.jobs.get('job' as never))?.uid as never, { limit: 9 });
    expect(runs.map(({ state, dueAt }) => [state, iso(dueAt)])).toEqual([['missed', '2027-01-01T05:00:00Z']]);
  });
});

describe('what was sent to be caught up with', () => {
  const lost = { id: 'job', schedule: 'cron(0/30 * * * ? *)', policies: { catchUp: { run: 'all', within: '24h' } } };

  it('is looked at once more, half an hour later, and sent again if it did not arrive', async () => {
    const w = world();
    await upFor(w, [lost], MINUTE);
    w.engine.schedules.clear();
    await w.clock.advance(2 * HOUR);
    expect(await w.reconcile()).toMatchObject({ gaps: 4 });
    w.queue.sent.length = 0;
    await w.clock.advance(20 * MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ gaps: 0 });
    await w.clock.advance(12 * MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ gaps: 5 });
    await w.live(31 * MINUTE + 10_000);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ gaps: 0 });
    expect((await recordsOf(w, 'job')).filter((record: string) => record.startsWith('succeeded late'))).toHaveLength(5);
    expect((await w.checkpoints.take('x', Number.MAX_SAFE_INTEGER, 0))?.recheck).toBeNull();
  });

  it('is ended if its process died, however long ago it was due', async () => {
    const w = world();
    await upFor(w, [lost], MINUTE);
    w.engine.schedules.clear();
    await w.clock.advance(3 * HOUR);
    await w.reconcile();
    w.queue.sent.length = 0;
    await w.claimed('2027-01-01T00:30:00Z', { owner: 'r1-a', fence: 1, expiresAt: w.clock.now() + 15 * MINUTE });
    await w.clock.advance(32 * MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ crashes: 1 });
  });
});
