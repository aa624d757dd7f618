import { describe, expect, it } from 'vitest';
import { awsWorlds } from './aws-world.ts';
import { FAULTS } from './fault-proxy.ts';

// The invariants S1, S2, S4, S5, S6 and S10 of docs/guarantees.md, each with faults between the SDK and the local services.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const make = awsWorlds();

const everyMinute = { id: 'job', module: 'works', schedule: 'cron(* * * * ? *)', policies: { overlap: 'allow' } };

describe('S1 one run for each occurrence', () => {
  it.each(FAULTS)('when the claim meets %s', async (fault) => {
    const { w, effects } = await make();
    expect((await w.request('POST', '/v1/jobs', everyMinute)).status).toBe(201);
    await w.pass(30 * SECOND);
    w.inject('dynamodb', 'PutItem', fault, 1, 'R#20270101T000100Z');
    await w.pass(MINUTE);
    expect(effects.map(({ runId }) => runId)).toEqual(['20270101T000100Z']);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', attempt: 1, dueAt: '2027-01-01T00:01:00Z' }]);
  });

  it.each(FAULTS)('when its end meets %s', async (fault) => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', everyMinute);
    await w.pass(30 * SECOND);
    w.inject('dynamodb', 'PutItem', fault, 1, 'endedAt');
    await w.pass(MINUTE);
    expect(effects).toHaveLength(1);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', attempt: 1 }]);
  });

  it('when the tick is delivered five times, at once and later', async () => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', everyMinute);
    await w.pass(61 * SECOND);
    const uid = effects[0]?.key.split('-')[0];
    const event = { jobId: 'job', jobUid: uid, timing: 1, dueAt: '2027-01-01T00:02:00Z' };
    await w.pass(58 * SECOND);
    const ticks = Promise.all([1, 2, 3, 4].map(() => w.tick(event)));
    await w.pass(5 * SECOND);
    await ticks;
    await w.tick(event);
    expect(effects.map(({ runId }) => runId)).toEqual(['20270101T000100Z', '20270101T000200Z']);
  });

  it('when its process died: a higher fence takes over, and what comes late changes nothing', async () => {
    const { w, effects, end } = await make();
    const policies = { retry: { maxAttempts: 2, backoff: '1s' } };
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'lasts', schedule: 'at(2027-01-01T00:05:00)', policies });
    await w.pass(5 * MINUTE + SECOND);
    const [{ runId }] = await w.runsOf('job');
    const { uid } = (await w.jobs.get('job' as never)) ?? {};
    const first = await w.runs.get(uid as never, runId);
    if (first?.state !== 'running') throw new Error('it does not run');
    // Nothing is heard of the process any more: a redelivery after its lease finds the run.
    await w.clock.advance(0);
    const dead = {
      requestContext: { requestId: first.lease.owner.split('-').slice(0, 2).join('-') },
      responsePayload: { errorType: 'Sandbox.Timedout' },
      requestPayload: { jobId: 'job', jobUid: uid, timing: 1, dueAt: '2027-01-01T00:05:00Z' },
    };
    await w.undelivered(dead);
    await w.pass(5 * SECOND);
    const second = await w.runs.get(uid as never, runId);
    expect(second).toMatchObject({ state: 'running', attempt: 2, lease: { fence: 2 } });
    expect(effects.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(effects.map(({ key }) => key)).size).toBe(1);
    expect(
      await w.runs.end(
        { ...first, state: 'succeeded', output: 'too late', endedAt: 0, record: { progress: null, log: [], logDropped: 0 } } as never,
        first.lease,
      ),
    ).toBe('fenced');
    end(runId);
    await w.pass(SECOND);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
  });
});

describe('S2 nothing of an old timing after a change that was acknowledged', () => {
  it.each(FAULTS)('though UpdateSchedule meets %s again and again', async (fault) => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', everyMinute);
    await w.pass(90 * SECOND);
    w.inject('scheduler', 'UpdateSchedule', fault, fault === 'duplicate' ? 1 : 3);
    const paused = await w.request('POST', '/v1/jobs/job/pause');
    expect(paused.json).toMatchObject({
      state: 'paused',
      problem: fault === 'duplicate' ? null : 'notApplied',
    });
    await w.pass(5 * MINUTE);
    expect(effects.map(({ runId }) => runId)).toEqual(['20270101T000100Z']);
  }, 20_000);
});

describe('S4 what has ended stays as it is', () => {
  it('whatever is delivered, asked or swept afterwards', async () => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', {
      ...everyMinute,
      schedule: 'at(2027-01-01T00:05:00)',
      module: 'fails',
      policies: { retry: { maxAttempts: 1 } },
    });
    await w.pass(6 * MINUTE);
    const before = await w.request('GET', '/v1/jobs/job/runs/20270101T000500Z');
    expect(before.json).toMatchObject({ state: 'failed', reason: 'error' });
    const uid = effects[0]?.key.split('-')[0];
    await w.tick({ jobId: 'job', jobUid: uid, timing: 1, dueAt: '2027-01-01T00:05:00Z' });
    expect((await w.request('POST', '/v1/jobs/job/runs/20270101T000500Z/cancel')).json).toMatchObject({ status: 409, code: 'ended' });
    const retried = await w.request('POST', '/v1/jobs/job/runs/20270101T000500Z/retry');
    expect(retried.status).toBe(202);
    await w.pass(20 * MINUTE);
    await w.reconcile({ restarted: true });
    expect((await w.request('GET', '/v1/jobs/job/runs/20270101T000500Z')).json).toEqual(before.json);
    expect((await w.request('GET', `/v1/jobs/job/runs/${retried.json.runId}`)).json).toMatchObject({
      trigger: 'retry',
      retryOf: '20270101T000500Z',
      dueAt: '2027-01-01T00:05:00Z',
      state: 'failed',
    });
  });
});

describe('S5 one run at a time with overlap skip', () => {
  it.each(FAULTS)('when the lock meets %s', async (fault) => {
    const { w, end } = await make();
    w.inject('dynamodb', 'PutItem', fault, 1, 'LOCK');
    await w.request('POST', '/v1/jobs', { ...everyMinute, module: 'lasts', policies: {} });
    await w.pass(2 * MINUTE + 30 * SECOND);
    expect(await w.runsOf('job')).toMatchObject([
      { state: 'running' },
      { state: 'skipped', reason: 'overlap', message: 'The run 20270101T000100Z of this job was still under way.' },
    ]);
    end('20270101T000100Z');
    await w.pass(MINUTE);
    expect((await w.runsOf('job')).map(({ state }) => state)).toEqual(['succeeded', 'skipped', 'running']);
  });

  it('a run keeps the lock while it waits for its retry', async () => {
    const { w, effects } = await make();
    const policies = { retry: { maxAttempts: 2, backoff: '15m' }, overlap: 'skip' };
    await w.request('POST', '/v1/jobs', { ...everyMinute, module: 'fails', policies });
    await w.pass(90 * SECOND);
    const [{ until }] = await w.runsOf('job');
    expect(Date.parse(until) - Date.parse('2027-01-01T00:02:00Z')).toBeGreaterThan(0);
    await w.pass(Date.parse(until) - w.clock.now() + SECOND);
    const runs = await w.runsOf('job');
    expect(runs[0]).toMatchObject({ state: 'failed', attempt: 2 });
    expect(runs.slice(1, -1).every(({ reason }) => reason === 'overlap')).toBe(true);
    expect(new Set(effects.slice(0, 2).map(({ runId }) => runId)).size).toBe(1);
  });

  it('a lock whose run died is taken over', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'dies', schedule: 'cron(0/20 * * * ? *)' });
    await w.pass(20 * MINUTE + 10 * SECOND);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'running' }]);
    // The invocation is killed at its end, 15 minutes after its start.
    w.kill();
    await w.pass(20 * MINUTE);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'failed', reason: 'crashed' }, { state: 'running' }]);
  });
});

describe('S6 no more executions than maxAttempts', () => {
  it.each(FAULTS)('when the queue meets %s', async (fault) => {
    const { w, effects } = await make();
    w.inject('sqs', 'SendMessageBatch', fault, 2);
    await w.request('POST', '/v1/jobs', { ...everyMinute, schedule: 'at(2027-01-01T00:05:00)', module: 'fails' });
    await w.pass(10 * MINUTE);
    for (let passes = 0; passes < 3; passes++) {
      await w.reconcile();
      await w.pass(5 * MINUTE);
    }
    expect(effects.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect((await w.request('GET', '/v1/jobs/job/runs/20270101T000500Z')).json).toMatchObject({
      state: 'failed',
      attempt: 3,
      attempts: [{ state: 'failed' }, { state: 'failed' }, { state: 'failed' }],
    });
  });
});

describe('S10 everything has a bound', () => {
  it('whatever a module says', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...everyMinute, module: 'talks' });
    await w.pass(90 * SECOND);
    const answer = await w.request('GET', '/v1/jobs/job/runs/20270101T000100Z');
    expect(answer.json).toMatchObject({ state: 'succeeded', output: { notKept: expect.stringMatching(/10000002 bytes/) } });
    expect(JSON.stringify(answer.json).length).toBeLessThan(40_000);
    expect(w.largestItem()).toBeLessThan(64 * 1024);
  });
});
