import { describe, expect, it } from 'vitest';
import type { JobId, JobUid, ModuleName, RunId } from '../../core/ids.ts';
import { runIdOf } from '../../core/ids.ts';
import type { RunStore } from '../../core/ports.ts';
import type { FinishedRun, RunningRun, UnstartedRun, WaitingRun } from '../../core/run/run.ts';

const DUE = Date.parse('2027-01-01T00:00:00Z');
const lease = { owner: 'first', fence: 1, expiresAt: DUE + 900_000 };

export function running(more: Partial<RunningRun> = {}): RunningRun {
  return {
    jobId: 'job' as JobId,
    jobUid: 'uid' as JobUid,
    runId: '20270101T000000Z' as RunId,
    module: 'noop' as ModuleName,
    trigger: 'schedule',
    dueAt: DUE,
    state: 'running',
    attempt: 1,
    startedAt: DUE + 20,
    late: false,
    lease,
    ...more,
  };
}

const waiting: WaitingRun = {
  jobId: 'job' as JobId,
  jobUid: 'uid' as JobUid,
  runId: '20270101T000001Z-aaaaaaaa' as RunId,
  module: 'noop' as ModuleName,
  trigger: 'manual',
  dueAt: DUE + 1_000,
  input: { '': [1] },
  state: 'waiting',
  reason: 'manual',
};

const { lease: _, state: __, ...key } = running();
const ended = { ...key, endedAt: DUE + 50, record: { progress: null, log: [], logDropped: 0 } };
const succeeded: FinishedRun = { ...ended, state: 'succeeded', output: { rows: 3 } };

const { state: _state, attempt: _attempt, startedAt: _startedAt, late: _late, lease: _lease, ...occurrence } = running();

/** What every RunStore does. */
export function runStoreContract(name: string, make: () => Promise<RunStore>): void {
  describe(`${name} keeps runs`, () => {
    it('lets one claim an occurrence; its own answer, lost and asked for again, is a claim', async () => {
      const store = await make();
      const second = running({ lease: { ...lease, owner: 'second' } });
      expect(await store.claim(running())).toBe('claimed');
      expect(await store.claim(second)).toBe('exists');
      expect(await store.claim(running())).toBe('claimed');
      expect(await store.get(key.jobUid, key.runId)).toEqual(running());
    });

    it('lets only the holder of the lease end a run, and terminal records stay', async () => {
      const store = await make();
      await store.claim(running());
      expect(await store.finish(succeeded, { ...lease, owner: 'second' })).toBe('fenced');
      expect(await store.finish(succeeded, { ...lease, fence: 2 })).toBe('fenced');
      expect(await store.finish(succeeded, lease)).toBe('finished');
      expect(await store.finish(succeeded, lease)).toBe('finished');
      expect(await store.finish({ ...ended, state: 'timedOut', error: { name: 'E', message: 'm' } }, lease)).toBe('fenced');
      expect(await store.claim(running({ lease: { ...lease, owner: 'second' } }))).toBe('exists');
      expect(await store.get(key.jobUid, key.runId)).toEqual(succeeded);
    });

    const long = 'x'.repeat(5_000);
    it.each<[string, FinishedRun]>([
      ['a small output', succeeded],
      ['no output', { ...ended, state: 'succeeded', output: null }],
      ['a large output', { ...ended, state: 'succeeded', output: [long] }],
      ['an error', { ...ended, state: 'failed', reason: 'error', error: { name: 'TypeError', message: `two\n${long}`, stack: long } }],
      ['a timeout', { ...ended, state: 'timedOut', error: { name: 'TimeoutError', message: 'slow' } }],
      ['a skip', { ...ended, state: 'skipped', reason: 'byModule', message: long }],
      [
        'progress and a long log',
        {
          ...ended,
          state: 'succeeded',
          output: 1,
          record: {
            progress: { done: 1, total: 2, message: 'rows' },
            log: [{ at: DUE, level: 'info', message: long, fields: { a: 1 } }],
            logDropped: 4,
          },
        },
      ],
    ])('keeps %s whole', async (_name, run) => {
      const store = await make();
      await store.claim(running());
      expect(await store.finish(run, lease)).toBe('finished');
      expect(await store.get(run.jobUid, run.runId)).toEqual(run);
    });

    it('starts a waiting run once', async () => {
      const store = await make();
      await store.request(waiting);
      expect(await store.get(waiting.jobUid, waiting.runId)).toEqual(waiting);
      expect(await store.waiting(DUE, 10)).toEqual([]);
      expect(await store.waiting(DUE + 1_000, 10)).toEqual([{ jobId: 'job', jobUid: 'uid', runId: waiting.runId }]);
      const { reason, ...rest } = waiting;
      const started = { ...rest, ...{ state: 'running', attempt: 1, startedAt: DUE + 1_100, late: false, lease } } as RunningRun;
      expect(await store.start({ ...started, lease: { ...lease, owner: 'a' } })).toBe('started');
      expect(await store.start({ ...started, lease: { ...lease, owner: 'b' } })).toBe('gone');
      expect(await store.start({ ...started, lease: { ...lease, owner: 'a' } })).toBe('started');
      expect(await store.waiting(DUE + 1_000, 10)).toEqual([]);
      expect(reason).toBe('manual');
    });

    it('records an occurrence that is not run, once, and never in place of a run', async () => {
      const store = await make();
      const skipped: UnstartedRun = { ...occurrence, state: 'skipped', reason: 'paused', endedAt: DUE + 5 };
      expect(await store.record(skipped)).toBe('recorded');
      expect(await store.get(key.jobUid, key.runId)).toEqual(skipped);
      expect(await store.record({ ...skipped, endedAt: DUE + 9 })).toBe('exists');
      expect(await store.claim(running())).toBe('exists');
      const other = running({ runId: '20270105T000000Z' as RunId });
      await store.claim(other);
      expect(await store.record({ ...skipped, runId: other.runId })).toBe('exists');
    });

    it('tells which due times lie in a stretch of missed ones', async () => {
      const store = await make();
      const hour = (n: number) => Date.parse('2027-01-01T00:00:00Z') + n * 3_600_000;
      const missed: UnstartedRun = {
        ...occurrence,
        runId: runIdOf(hour(5)),
        dueAt: hour(5),
        state: 'missed',
        missed: { from: hour(2), to: hour(5), count: 4 },
        endedAt: hour(9),
      };
      await store.record(missed);
      expect(await store.get(missed.jobUid, missed.runId)).toEqual(missed);
      const found = await Promise.all([1, 2, 3, 5, 6].map((n) => store.isMissed(missed.jobUid, hour(n))));
      expect(found).toEqual([false, true, true, true, false]);
      expect(await store.isMissed('other' as JobUid, hour(3))).toBe(false);
    });

    it('remembers up to when everything is accounted for', async () => {
      const store = await make();
      expect(await store.accountedTo()).toBeUndefined();
      await store.setAccountedTo(5_000);
      await store.setAccountedTo(9_000);
      expect(await store.accountedTo()).toBe(9_000);
    });

    it('withdraws a run that waits, and no other', async () => {
      const store = await make();
      await store.request(waiting);
      await store.request(waiting);
      await store.withdraw(waiting.jobUid, waiting.runId);
      expect(await store.get(waiting.jobUid, waiting.runId)).toBeUndefined();
      expect(await store.waiting(DUE + 1_000, 10)).toEqual([]);
      await store.claim(running());
      await store.withdraw(key.jobUid, key.runId);
      expect(await store.get(key.jobUid, key.runId)).toBeDefined();
    });

    it('lists the newest first, of one job, in pages', async () => {
      const store = await make();
      const ids = ['20270101T000000Z', '20270102T000000Z', '20270103T000000Z'] as RunId[];
      for (const runId of ids) await store.claim(running({ runId }));
      await store.claim(running({ jobUid: 'other' as JobUid }));
      const first = await store.list('uid' as JobUid, { limit: 2 });
      expect([first.runs.map(({ runId }) => runId), first.more]).toEqual([[ids[2], ids[1]], true]);
      const second = await store.list('uid' as JobUid, { limit: 2, before: ids[1] });
      expect([second.runs.map(({ runId }) => runId), second.more]).toEqual([[ids[0]], false]);
    });
  });
}
