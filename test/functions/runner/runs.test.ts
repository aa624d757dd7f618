import { describe, expect, it } from 'vitest';
import { parseJobId } from '../../../core/ids.ts';
import { deliverTick } from '../../../core/run/deliver.ts';
import { deliverEvent } from '../../../functions/runner/deliver-event.ts';
import { world } from '../../support/world.ts';

async function due(module: string, more: object = {}) {
  const w = world();
  await w.request('POST', '/v1/jobs', { id: 'job', module, schedule: 'rate(1 hour)', ...more });
  await w.clock.advance(3_600_000);
  return {
    ...w,
    tickNow: () => w.tick('job', '2027-01-01T01:00:00Z'),
    run: async (runId = '20270101T010000Z') => (await w.request('GET', `/v1/jobs/job/runs/${runId}`)).json,
  };
}

describe('a due job', () => {
  it('runs its module with its input and keeps what came of it', async () => {
    const w = await due('greet', { input: { name: 'Ada', times: 2 } });
    await w.clock.advance(250);
    await w.tickNow();
    expect(await w.run()).toMatchObject({
      runId: '20270101T010000Z',
      jobId: 'job',
      module: 'greet',
      state: 'succeeded',
      trigger: 'schedule',
      dueAt: '2027-01-01T01:00:00Z',
      startedAt: '2027-01-01T01:00:00.250Z',
      latenessMs: 250,
      late: false,
      attempt: 1,
      progress: { done: 2, total: 2, message: 'greetings' },
      output: 'hello Ada',
      error: null,
      log: [
        { level: 'info', message: 'hello Ada', fields: { i: 1 } },
        { level: 'info', message: 'hello Ada', fields: { i: 2 } },
      ],
    });
    expect(w.log).toHaveLength(2);
    expect((await w.request('GET', '/v1/jobs/job')).json.lastRun).toMatchObject({ runId: '20270101T010000Z', state: 'succeeded' });
  });

  it.each([
    [
      'broken',
      {
        state: 'failed',
        reason: 'error',
        error: { name: 'TypeError', message: 'rows is not iterable', stack: expect.stringContaining('world.ts') },
      },
    ],
    ['hopeless', { state: 'failed', reason: 'gaveUp', error: { message: 'the address does not exist' } }],
    ['unreadable', { state: 'failed', error: { message: 'what was thrown cannot be read' } }],
    ['idle', { state: 'skipped', reason: 'byModule', message: 'no rows today', error: null }],
  ])('%s ends as its record says', async (module, expected) => {
    const w = await due(module);
    await w.tickNow();
    expect(await w.run()).toMatchObject(expected);
  });

  it('parses an input whose schema needs a promise', async () => {
    const w = await due('async-input', { input: 'bad' });
    await w.tickNow();
    expect(await w.run()).toMatchObject({
      state: 'failed',
      reason: 'invalidInput',
      error: { message: expect.stringContaining('it is bad') },
    });
  });

  it('records that the module could not be imported, or is not there any more', async () => {
    const w = await due('noop');
    w.runner.modules.load = () => Promise.reject(new SyntaxError('bad import'));
    await w.tickNow();
    expect(await w.run()).toMatchObject({ state: 'failed', reason: 'error', error: { name: 'SyntaxError', message: 'bad import' } });
    const gone = await due('noop');
    gone.runner.modules.load = async () => undefined;
    await gone.tickNow();
    // For a quarter of an hour this may be a deployment that is under way.
    expect(await gone.run()).toMatchObject({ state: 'waiting', reason: 'retry', attempt: 0 });
    await gone.live(16 * 60_000);
    expect(await gone.run()).toMatchObject({ state: 'failed', reason: 'unknownModule', attempt: 1 });
  });

  it('runs once, however often it is delivered', async () => {
    const w = await due('greet', { input: { name: 'Ada' } });
    const deliveries = await Promise.all([w.tickNow(), w.tickNow(), w.tickNow()]);
    expect(deliveries.map((delivery) => delivery.is).sort()).toEqual(['dropped', 'dropped', 'ran']);
    expect((await w.request('GET', '/v1/jobs/job/runs')).json.runs).toHaveLength(1);
    expect(w.log).toHaveLength(1);
  });

  it('is late when it could not start in its minute', async () => {
    const w = await due('noop');
    await w.clock.advance(61_000);
    await w.tickNow();
    expect(await w.run()).toMatchObject({ late: true, latenessMs: 61_000 });
  });

  it('waits for its instant when the delivery comes early, and then obeys what has changed', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    await w.clock.advance(3_599_000);
    const delivery = w.tick('job', '2027-01-01T01:00:00Z');
    await w.request('DELETE', '/v1/jobs/job');
    await w.clock.advance(1_000);
    expect(await delivery).toEqual({ is: 'dropped', why: 'noJob' });
  });

  it('never runs early', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    await expect(w.tick('job', '2027-01-01T01:00:00Z')).rejects.toThrow(/3600000 ms before its due time/);
  });

  it('does not take the tick of another timing, of a namesake, or of no due time', async () => {
    const w = await due('noop');
    const [schedule] = w.engine.schedules.values();
    const id = parseJobId('job');
    if (!schedule || !id) throw new Error('no schedule');
    const tick = { ...schedule.payload, dueAt: w.clock.now() };
    const invocation = { id: 'i', deadline: w.clock.now() + 900_000 };
    expect(await deliverTick(w.runner, { ...tick, timing: 2 }, invocation)).toEqual({ is: 'dropped', why: 'notDue' });
    expect(await deliverTick(w.runner, { ...tick, jobUid: 'other' as typeof tick.jobUid }, invocation)).toEqual({
      is: 'dropped',
      why: 'noJob',
    });
    expect(await deliverTick(w.runner, { ...tick, dueAt: Date.parse('2027-01-01T00:30:00Z') }, invocation)).toEqual({
      is: 'dropped',
      why: 'notDue',
    });
  });
});

describe('the timeout', () => {
  it('aborts the signal; a module that obeys is recorded and its process goes on', async () => {
    const w = await due('obedient', { policies: { timeout: '5s' } });
    const delivery = w.tickNow();
    await w.clock.advance(5_000);
    expect(await delivery).toMatchObject({ is: 'ran' });
    expect(w.aborted).toEqual([]);
    expect(await w.run()).toMatchObject({
      state: 'timedOut',
      durationMs: 5_000,
      error: { name: 'TimeoutError', message: expect.stringContaining('5 s') },
    });
  });

  it('takes a module that does not obey with its process, two seconds later', async () => {
    const w = await due('deaf');
    const delivery = w.tickNow();
    await w.clock.advance(61_999);
    expect((await w.run()).state).toBe('running');
    await w.clock.advance(1);
    expect(await delivery).toMatchObject({ is: 'ran' });
    expect(w.aborted).toHaveLength(1);
    expect(await w.run()).toMatchObject({ state: 'timedOut', durationMs: 62_000 });
    expect(w.clock.waiting).toBe(0);
  });
});

describe('run now', () => {
  it('runs once with the input of the request and leaves the schedule alone', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'greet', schedule: 'rate(1 hour)', input: { name: 'Ada' } });
    const before = (await w.request('GET', '/v1/jobs/job')).json;
    const { status, headers, json } = await w.request('POST', '/v1/jobs/job/run', { input: { name: 'Bob' } });
    expect(status).toBe(202);
    expect(json.runId).toMatch(/^20270101T000000Z-[a-z2-7]{8}$/);
    expect(headers.get('Location')).toBe(`/v1/jobs/job/runs/${json.runId}`);
    const waiting = await w.request('GET', `/v1/jobs/job/runs/${json.runId}`);
    expect(waiting.json).toMatchObject({ state: 'waiting', reason: 'manual', trigger: 'manual', startedAt: null });
    const message = w.queue.sent[0];
    if (!message) throw new Error('nothing was sent');
    w.queue.sent.push(message);
    expect((await w.deliverQueued()).is).toBe('ran');
    expect(await w.deliverQueued()).toEqual({ is: 'dropped', why: 'duplicate' });
    expect((await w.request('GET', `/v1/jobs/job/runs/${json.runId}`)).json).toMatchObject({ state: 'succeeded', output: 'hello Bob' });
    const { lastRun, cost: _, ...after } = (await w.request('GET', '/v1/jobs/job')).json;
    expect({ ...after, lastRun: null, cost: before.cost }).toEqual(before);
    expect(lastRun.runId).toBe(json.runId);
  });

  it('uses the input of the job when the request has none, and refuses one that does not fit', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'greet', schedule: 'rate(1 hour)', input: { name: 'Ada' } });
    expect((await w.request('POST', '/v1/jobs/job/run', { input: { nmae: 'x' } })).json.code).toBe('invalidInput');
    await w.request('POST', '/v1/jobs/job/run');
    expect(await w.deliverQueued()).toMatchObject({ run: { output: 'hello Ada' } });
  });
});

describe('deliverEvent', () => {
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 900_000 };

  it('takes a tick of EventBridge and a batch of the queue, and gives back what it could not read', async () => {
    const w = await due('noop');
    const [schedule] = w.engine.schedules.values();
    const ticked = await deliverEvent(w.runner, { ...schedule?.payload, dueAt: '2027-01-01T01:00:00Z' }, context);
    expect(ticked).toMatchObject({ deliveries: [{ is: 'ran' }], response: undefined });
    const message = { kind: 'occurrence', ...schedule?.payload, dueAt: '2027-01-01T01:00:00Z' };
    const batch = {
      Records: [
        { messageId: 'm1', body: JSON.stringify(message) },
        { messageId: 'm2', body: 'no message' },
      ],
    };
    expect(await deliverEvent(w.runner, batch, context)).toMatchObject({
      deliveries: [{ is: 'dropped', why: 'duplicate' }],
      response: { batchItemFailures: [{ itemIdentifier: 'm2' }] },
    });
  });

  it('throws at an event that is nothing it knows', async () => {
    await expect(deliverEvent(world().runner, { hello: 'world' }, context)).rejects.toThrow();
  });
});

describe('an invocation with no time left', () => {
  it.each([0, 1, -5])('of %i ms still ends its run, under a lease that lies ahead', async (remaining) => {
    const w = await due('deaf');
    const { claim } = w.runs;
    let lease = 0;
    w.runs.claim = (run) => {
      lease = run.lease.expiresAt - w.clock.now();
      return claim(run);
    };
    const [schedule] = w.engine.schedules.values();
    const delivered = deliverEvent(
      w.runner,
      { ...schedule?.payload, dueAt: '2027-01-01T01:00:00Z' },
      {
        awsRequestId: 'r',
        getRemainingTimeInMillis: () => remaining,
      },
    );
    await w.clock.advance(3_000);
    await delivered;
    expect(await w.run()).toMatchObject({ state: 'timedOut' });
    expect(lease).toBeGreaterThan(0);
  });
});
