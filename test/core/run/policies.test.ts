import { describe, expect, it } from 'vitest';
import { effectivePolicies } from '../../../core/job/policies.ts';
import { world, worldWithJob } from '../../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** As docs and README say; not read from the code that is tested. */
const DEFAULTS = {
  timeout: '1m',
  retry: { maxAttempts: 1, backoff: '30s' },
  overlap: 'skip',
  catchUp: { within: '1h', run: 'latest' },
  autoPause: 'off',
  keep: '30d',
};

describe('policies', () => {
  it('are the value of the job, else of the module, else the default', () => {
    expect(effectivePolicies({}, undefined)).toEqual(DEFAULTS);
    const module = { retry: { maxAttempts: 3 }, overlap: 'allow', keep: '7d', autoPause: 5 } as const;
    const own = { retry: { backoff: '1m' }, autoPause: 'off', timeout: '2m' } as const;
    expect(effectivePolicies(own, module)).toEqual({
      ...DEFAULTS,
      timeout: '2m',
      retry: { maxAttempts: 3, backoff: '1m' },
      overlap: 'allow',
      keep: '7d',
    });
  });

  it.each([
    [{ retry: { maxAttempts: 0 } }, '/policies/retry/maxAttempts'],
    [{ retry: { maxAttempts: 11 } }, '/policies/retry/maxAttempts'],
    [{ retry: { backoff: '16m' } }, '/policies/retry/backoff'],
    [{ autoPause: 1 }, '/policies/autoPause'],
    [{ keep: '1h' }, '/policies/keep'],
    [{ keep: 'ever' }, '/policies/keep'],
  ])('%j is refused', async (policies, pointer) => {
    const { status, json } = await world().request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)', policies });
    expect([status, json.code, json.errors[0].pointer]).toEqual([422, 'invalidPolicy', pointer]);
  });

  it.each([[{ overlap: 'queue' }], [{ retry: 3 }], [{ autoPause: 'on' }]])('%j has the wrong shape', async (policies) => {
    const { status } = await world().request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)', policies });
    expect([400, 422]).toContain(status);
  });

  it('all of them, effective, are in the answer', async () => {
    const w = await worldWithJob('greet', { input: { name: 'Ada' }, policies: { retry: { maxAttempts: 4 }, keep: '90d' } });
    expect((await w.request('GET', '/v1/jobs/job')).json.policies).toEqual({
      ...DEFAULTS,
      timeout: '10s',
      retry: { maxAttempts: 4, backoff: '30s' },
      keep: '90d',
    });
  });
});

describe('retries', () => {
  const retry = { retry: { maxAttempts: 3, backoff: '1m' } };

  it.each([
    ['broken', { state: 'failed', reason: 'error', attempt: 3 }],
    ['obedient', { state: 'timedOut', attempt: 3 }],
    ['hopeless', { state: 'failed', reason: 'gaveUp', attempt: 1 }],
    ['idle', { state: 'skipped', reason: 'byModule', message: 'no rows today', attempt: 1 }],
  ])('a run of %s ends as %j', async (module, expected) => {
    const w = await worldWithJob(module, { policies: { ...retry, timeout: '5s' } });
    await w.live(40 * MINUTE);
    expect((await w.runsOf('job'))[0]).toMatchObject(expected);
  });

  it('an input that does not fit is not tried again', async () => {
    const w = await worldWithJob('async-input', { input: 'bad', policies: retry });
    await w.live(40 * MINUTE);
    expect((await w.runsOf('job'))[0]).toMatchObject({ state: 'failed', reason: 'invalidInput', attempt: 1 });
  });

  it('tell of every attempt, and of what is to come', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 2, backoff: '15m' } } });
    await w.live(30 * MINUTE);
    const error = { name: 'TypeError', message: 'rows is not iterable' };
    const waiting = await w.runView('20270101T003000Z');
    expect(waiting).toMatchObject({ state: 'waiting', reason: 'retry', attempt: 1, attempts: [{ attempt: 1, state: 'failed', error }] });
    await w.live(Date.parse(waiting.until) - w.clock.now() + SECOND);
    expect(await w.runView('20270101T003000Z')).toMatchObject({
      state: 'failed',
      attempts: [
        { attempt: 1, error },
        { attempt: 2, error, endedAt: expect.any(String) },
      ],
    });
  });

  it('the pause doubles, has full jitter, and ends at fifteen minutes', async () => {
    const pauses: number[][] = [];
    for (let jobs = 0; jobs < 20; jobs++) {
      const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 8, backoff: '5m' }, overlap: 'allow' } });
      w.runner.random.bytes(jobs);
      await w.live(30 * MINUTE + 3 * HOUR);
      const { attempts } = await w.runView('20270101T003000Z');
      pauses.push(
        attempts.slice(1).map((one: { startedAt: string }, n: number) => Date.parse(one.startedAt) - Date.parse(attempts[n].endedAt)),
      );
    }
    const of = (n: number) => pauses.map((all) => all[n] ?? Number.NaN);
    expect(Math.max(...of(0))).toBeLessThanOrEqual(5 * MINUTE + SECOND);
    expect(Math.max(...of(1))).toBeLessThanOrEqual(10 * MINUTE + SECOND);
    expect(Math.max(...pauses.flat())).toBeLessThanOrEqual(15 * MINUTE + SECOND);
    expect(new Set(of(0)).size).toBeGreaterThan(15);
  });

  it('of a deleted job do not come', async () => {
    const w = await worldWithJob('broken', { policies: retry });
    await w.live(30 * MINUTE);
    await w.request('DELETE', '/v1/jobs/job');
    await w.live(10 * MINUTE);
    expect(await w.runs.waiting(w.clock.now(), 10)).toEqual([]);
  });
});

describe('keep', () => {
  it('is how long the record of a run stays', async () => {
    const w = await worldWithJob('noop', { policies: { keep: '2d' } });
    await w.live(30 * MINUTE);
    const { uid } = (await w.jobs.get('job' as never)) ?? {};
    const kept = await w.runs.get(uid as never, '20270101T003000Z' as never);
    expect(kept?.keptUntil).toBe(Date.parse('2027-01-01T00:30:00Z') + 2 * DAY);
  });
});

describe('overlap', () => {
  const slow = { schedule: 'cron(* * * * ? *)', policies: { timeout: '90s' } };

  it('skip is the default: a run is skipped while another one is under way, whoever asked for it', async () => {
    const w = await worldWithJob('obedient', slow);
    await w.live(MINUTE + SECOND);
    const asked = (await w.request('POST', '/v1/jobs/job/run')).json.runId;
    await w.live(MINUTE);
    expect((await w.runsOf('job')).map(({ state, reason }) => [state, reason])).toEqual([
      ['running', undefined],
      ['skipped', 'overlap'],
      ['skipped', 'overlap'],
    ]);
    expect(await w.runView(asked)).toMatchObject({ message: 'The run 20270101T000100Z of this job was still under way.' });
  });

  it('allow lets them run at the same time', async () => {
    const w = await worldWithJob('obedient', { ...slow, policies: { ...slow.policies, overlap: 'allow' } });
    await w.live(2 * MINUTE + SECOND);
    expect((await w.runsOf('job')).map(({ state }) => state)).toEqual(['running', 'running']);
  });

  it('what is all to be caught up with comes one after the other', async () => {
    const w = await worldWithJob('obedient', { policies: { timeout: '45s', catchUp: { run: 'all', within: '24h' } } });
    await w.reconcile();
    w.engine.schedules.clear();
    await w.clock.advance(3 * HOUR + MINUTE);
    await w.reconcile();
    await w.live(3 * SECOND);
    const states = (await w.runsOf('job')).map(({ state, reason }) => reason ?? state);
    expect(states.sort()).toEqual(['overlap', 'overlap', 'overlap', 'overlap', 'overlap', 'running']);
    for (let passes = 0; passes < 6; passes++) {
      await w.live(5 * MINUTE);
      await w.reconcile({ restarted: false });
    }
    const ended = (await w.runsOf('job')).slice(0, 6);
    expect(ended.map(({ state }) => state)).toEqual(Array(6).fill('timedOut'));
    const spans = ended
      .map(({ startedAt, endedAt }) => [Date.parse(startedAt), Date.parse(endedAt)])
      .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    for (const [n, span] of spans.slice(1).entries()) expect(span[0]).toBeGreaterThanOrEqual(spans[n]?.[1] ?? 0);
  });
});

describe('autoPause', () => {
  it('pauses a job after so many failures in a row, and counts anew when it is resumed', async () => {
    const w = await worldWithJob('broken', { schedule: 'cron(* * * * ? *)', policies: { autoPause: 3 } });
    await w.live(2 * MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ paused: 0 });
    await w.live(MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ paused: 1 });
    expect((await w.request('GET', '/v1/jobs/job')).json).toMatchObject({
      state: 'paused',
      paused: { by: 'autoPause', reason: 'The last 3 runs failed, the newest is 20270101T000300Z.' },
    });
    await w.request('POST', '/v1/jobs/job/resume');
    await w.live(2 * MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ paused: 0 });
    await w.live(MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ paused: 1 });
  });

  it('does not count what was skipped, and starts over with a success', async () => {
    const w = await worldWithJob('broken', { schedule: 'cron(* * * * ? *)', policies: { autoPause: 2 } });
    await w.live(MINUTE);
    await w.request('PATCH', '/v1/jobs/job', { module: 'noop' });
    await w.live(MINUTE);
    await w.request('PATCH', '/v1/jobs/job', { module: 'broken' });
    await w.live(MINUTE);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ paused: 0 });
  });
});
