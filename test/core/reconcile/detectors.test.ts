import { describe, expect, it } from 'vitest';
import type { ModuleName } from '../../../core/ids.ts';
import { handleEvent } from '../../../functions/reconciler/handle-event.ts';
import { type world, worldWithJob } from '../../support/world.ts';

// The four ways in which what did not arrive is found: records of failed invocations, redelivered messages, the look back of
// every tick, and the reconciler's walk.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const context = { getRemainingTimeInMillis: () => 900_000 };

type World = ReturnType<typeof world>;

const job = (more: object = {}) => worldWithJob('noop', more);

const uidOf = async (w: World) => (await w.jobs.get('job' as never))?.uid;

/** Hands the reconciler what could not be delivered; returns what it could not record either. */
async function undelivered(w: World, ...bodies: unknown[]): Promise<unknown> {
  const Records = bodies.map((body, n) => ({ messageId: `m${n}`, body: typeof body === 'string' ? body : JSON.stringify(body) }));
  return handleEvent(w, { Records }, context);
}

const tickAt = async (w: World, dueAt: string) => ({ jobId: 'job', jobUid: await uidOf(w), timing: 1, dueAt });
const failed = (event: unknown, requestId = 'r1', condition = 'RetriesExhausted') => ({
  version: '1.0',
  requestContext: { requestId, condition },
  requestPayload: event,
  responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: signal: killed' },
});

describe('an event that could not be delivered', () => {
  it.each([
    'an invocation that aged',
    'a tick that EventBridge could not hand over',
    'a message of the queue',
  ])('%s is run if it still may be, once', async (what) => {
    const w = await job();
    w.engine.schedules.clear();
    await w.clock.advance(31 * MINUTE);
    const tick = await tickAt(w, '2027-01-01T00:30:00Z');
    const body = what.startsWith('an')
      ? failed(tick, 'r1', 'EventAgeExceeded')
      : what.startsWith('a tick')
        ? tick
        : { kind: 'occurrence', ...tick };
    expect(await undelivered(w, body, body)).toEqual({ batchItemFailures: [] });
    // The second finds the first at work, which might yet die unnoticed: it comes again.
    await expect(w.live(SECOND)).rejects.toThrow('is under way already');
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', late: true, dueAt: '2027-01-01T00:30:00Z' }]);
    await undelivered(w, body);
    expect(w.queue.sent).toEqual([]);
  });

  it('is recorded as missed when it is too old, once', async () => {
    const w = await job();
    w.engine.schedules.clear();
    await w.clock.advance(5 * HOUR);
    const tick = await tickAt(w, '2027-01-01T00:30:00Z');
    await undelivered(w, tick, failed(tick), { kind: 'occurrence', ...tick });
    expect(await w.runsOf('job')).toMatchObject([
      {
        state: 'missed',
        missed: { count: 1 },
        message: "It was not started in its minute, and catchUp { within: '1h', run: 'latest' } does not run it.",
      },
    ]);
  });

  it('whose process died ends its run at once, long before its lease does', async () => {
    const w = await job({ policies: { retry: { maxAttempts: 2, backoff: '1s' } } });
    const uid = await uidOf(w);
    await w.clock.advance(30 * MINUTE);
    const lease = { owner: 'r7-abc', fence: 1, expiresAt: w.clock.now() + HOUR };
    await w.claimed('2027-01-01T00:30:00Z', lease);
    await undelivered(w, failed(await tickAt(w, '2027-01-01T00:30:00Z'), 'r8'));
    expect(await w.runs.get(uid as never, '20270101T003000Z' as never)).toMatchObject({ state: 'running' });
    await undelivered(w, failed(await tickAt(w, '2027-01-01T00:30:00Z'), 'r7'));
    expect(await w.runs.get(uid as never, '20270101T003000Z' as never)).toMatchObject({ state: 'waiting', reason: 'retry', attempt: 1 });
    await w.live(5 * SECOND);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
  });

  it('of a window that was not fanned out is fanned out', async () => {
    const w = await job({ schedule: 'rate(10 seconds)' });
    w.queue.sent.length = 0;
    await w.clock.advance(10 * MINUTE + SECOND);
    await undelivered(w, failed(await tickAt(w, '2027-01-01T00:10:00Z')));
    expect(w.queue.sent.map(({ message }) => message)).toHaveLength(6);
    w.queue.sent.length = 0;
    await undelivered(w, {
      kind: 'prime',
      jobId: 'job',
      jobUid: await uidOf(w),
      timing: 1,
      from: '2027-01-01T00:09:30Z',
      to: '2027-01-01T00:10:30Z',
    });
    // Those that are past are run too, those to come when they are due.
    expect(w.queue.sent.map(({ message }) => ('dueAt' in message ? message.dueAt.slice(14, 19) : '')).sort()).toEqual([
      '09:30',
      '09:40',
      '09:50',
      '10:00',
      '10:10',
      '10:20',
    ]);
  });

  it('a start that never came to anything ends its run', async () => {
    const w = await job();
    await w.request('POST', '/v1/jobs/job/run');
    const message = w.queue.sent.shift()?.message;
    await undelivered(w, message, message);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'failed', reason: 'crashed', error: { name: 'Undeliverable' } }]);
    // Redriven after all, it starts nothing.
    w.queue.sent.push({ message: message as never, module: 'noop' as ModuleName, delaySeconds: 0 });
    expect(await w.deliverQueued()).toEqual({ is: 'dropped', why: 'duplicate' });
  });

  it('of a job that is gone, or that it does not belong to, changes nothing', async () => {
    const w = await job();
    const tick = await tickAt(w, '2027-01-01T00:30:00Z');
    await w.clock.advance(HOUR);
    await undelivered(
      w,
      { ...tick, jobUid: 'other' },
      { ...tick, jobId: 'other' },
      { ...tick, timing: 9 },
      { ...tick, dueAt: '2027-01-01T00:31:00Z' },
    );
    expect([await w.runsOf('job'), w.queue.sent]).toEqual([[], []]);
  });

  it('that cannot be read is given back, and the others are recorded', async () => {
    const w = await job();
    await w.clock.advance(5 * HOUR);
    const good = await tickAt(w, '2027-01-01T00:30:00Z');
    expect(await undelivered(w, 'no JSON', { kind: 'mystery' }, good, failed('no tick'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }],
    });
    expect(await w.runsOf('job')).toHaveLength(1);
  });
});

describe('a redelivered message', () => {
  it('of a run whose lease is over ends it; while the lease lives it is dropped', async () => {
    const w = await job({ policies: { retry: { maxAttempts: 1 } } });
    await w.clock.advance(30 * MINUTE);
    await w.claimed('2027-01-01T00:30:00Z', { owner: 'r1-a', fence: 1, expiresAt: w.clock.now() + 17 * MINUTE });
    expect(await w.tick('job', '2027-01-01T00:30:00Z')).toEqual({ is: 'dropped', why: 'duplicate' });
    await w.clock.advance(17 * MINUTE);
    expect(await w.tick('job', '2027-01-01T00:30:00Z')).toMatchObject({ is: 'ran', run: { state: 'failed', reason: 'crashed' } });
  });
});

describe('the look back of a tick', () => {
  it('ends the run before it whose process died, and starts its own', async () => {
    const w = await job({ policies: { overlap: 'skip' } });
    await w.clock.advance(30 * MINUTE);
    const stuck = await w.claimed('2027-01-01T00:30:00Z', { owner: 'r1-a', fence: 1, expiresAt: w.clock.now() + 15 * MINUTE });
    await w.runs.lock(stuck);
    await w.clock.advance(30 * MINUTE);
    await w.tick('job', '2027-01-01T01:00:00Z');
    expect(await w.runsOf('job')).toMatchObject([{ state: 'failed', reason: 'crashed' }, { state: 'succeeded' }]);
  });

  it('finds what did not arrive since', async () => {
    const w = await job({ policies: { catchUp: { run: 'all', within: '2h' }, overlap: 'allow' } });
    await w.live(31 * MINUTE);
    w.engine.schedules.clear();
    const schedule = { jobId: 'job', jobUid: await uidOf(w), timing: 1 };
    await w.clock.advance(89 * MINUTE);
    w.engine.schedules.set('job', { name: 'job', payload: schedule } as never);
    await w.tick('job', '2027-01-01T02:00:00Z');
    w.engine.schedules.clear();
    await w.live(SECOND);
    expect((await w.runsOf('job')).map(({ dueAt, late }) => [dueAt.slice(11, 16), late])).toEqual([
      ['00:30', false],
      ['01:00', true],
      ['01:30', true],
      ['02:00', false],
    ]);
  });
});

describe('a host that starts anew', () => {
  it('ends every execution of before, whatever its lease says, and none of after', async () => {
    const w = await job();
    await w.request('POST', '/v1/jobs/job/run');
    const far = w.clock.now() + HOUR;
    await w.clock.advance(30 * MINUTE);
    await w.claimed('2027-01-01T00:30:00Z', { owner: 'r1-a', fence: 1, expiresAt: far });
    expect(await w.reconcile({ restarted: false })).toMatchObject({ crashes: 0 });
    await w.clock.advance(SECOND);
    expect(await w.reconcile()).toMatchObject({ crashes: 1 });
    await w.claimed('2027-01-01T00:30:30Z', { owner: 'r2-a', fence: 1, expiresAt: far });
    expect(await w.reconcile()).toMatchObject({ crashes: 0 });
  });
});
