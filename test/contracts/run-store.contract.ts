import { describe, expect, it } from 'vitest';
import type { JobUid, RunId } from '../../core/ids.ts';
import type { RunStore } from '../../core/ports.ts';
import { type FinishedRun, keyOf, type RunningRun, type UnstartedRun } from '../../core/run/run.ts';
import { again, attempts, DUE, ended, key, lease, running, succeeded, waiting } from './run-examples.ts';

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
      expect(await store.end(succeeded, { ...lease, owner: 'second' })).toBe('fenced');
      expect(await store.end(succeeded, { ...lease, fence: 2 })).toBe('fenced');
      expect(await store.end(succeeded, lease)).toBe('ended');
      expect(await store.end(succeeded, lease)).toBe('ended');
      expect(await store.end({ ...ended, state: 'timedOut', error: { name: 'E', message: 'm' } }, lease)).toBe('fenced');
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
      ['a crash', { ...ended, state: 'failed', reason: 'crashed', error: { name: 'Crashed', message: 'm' } }],
      ['a cancellation', { ...ended, state: 'cancelled', message: 'by hand' }],
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
      expect(await store.end(run, lease)).toBe('ended');
      expect(await store.get(run.jobUid, run.runId)).toEqual(run);
    });

    it('starts a waiting run once', async () => {
      const store = await make();
      await store.request(waiting);
      expect(await store.get(waiting.jobUid, waiting.runId)).toEqual(waiting);
      expect(await store.waiting(DUE, 10)).toEqual([]);
      expect(await store.waiting(DUE + 1_000, 10)).toEqual([{ jobId: 'job', jobUid: 'uid', runId: waiting.runId, at: DUE + 1_000 }]);
      const started = (owner: string, fence = 1): RunningRun => ({
        ...running({ ...keyOf(waiting), startedAt: DUE + 1_100 }),
        until: waiting.until,
        lease: { ...lease, owner, fence },
      });
      expect(await store.start(started('early', 2))).toBe('gone');
      expect(await store.start(started('a'))).toBe('started');
      expect(await store.start(started('b'))).toBe('gone');
      expect(await store.start(started('a'))).toBe('started');
      expect(await store.get(waiting.jobUid, waiting.runId)).toEqual(started('a'));
      // It stays among those to look after until it ends.
      expect(await store.beat(started('a'), { progress: null, log: [], logDropped: 0 })).toBe('goOn');
      expect((await store.waiting(DUE + 1_000, 10)).map(({ runId }) => runId)).toEqual([waiting.runId]);
    });

    it('lets the holder of a lease ask for a further attempt, which takes another fence', async () => {
      const store = await make();
      await store.claim(running());
      expect(await store.end(again, { ...lease, fence: 2 })).toBe('fenced');
      expect(await store.end(again, lease)).toBe('ended');
      expect(await store.end(again, lease)).toBe('ended');
      expect(await store.get(key.jobUid, key.runId)).toEqual(again);
      expect((await store.waiting(DUE + 9_000, 10)).map(({ runId, at }) => [runId, at])).toEqual([[key.runId, DUE + 9_000]]);
      const second = running({ attempt: 2, attempts, lease: { ...lease, owner: 'second', fence: 2 }, locked: true, late: true });
      expect(await store.start(second)).toBe('started');
      expect(await store.end(succeeded, lease)).toBe('fenced');
      expect(await store.end(succeeded, second.lease)).toBe('ended');
      expect(await store.get(key.jobUid, key.runId)).toEqual(succeeded);
    });

    it('ends a run that waits, and none that was started', async () => {
      const store = await make();
      await store.request(waiting);
      await store.request(waiting);
      const cancelled: UnstartedRun = { ...keyOf(waiting), attempts: [], endedAt: DUE + 7_000, state: 'cancelled', message: 'by hand' };
      expect(await store.endWaiting(cancelled, 1)).toBe('gone');
      expect(await store.endWaiting(cancelled, 0)).toBe('ended');
      expect(await store.endWaiting(cancelled, 0)).toBe('ended');
      expect(await store.get(waiting.jobUid, waiting.runId)).toEqual(cancelled);
      expect(await store.waiting(DUE + 99_000, 10)).toEqual([]);
      await store.claim(running());
      expect(await store.endWaiting({ ...cancelled, ...key }, 0)).toBe('gone');
    });

    it('keeps what a run says while it runs, and tells it that it was cancelled', async () => {
      const store = await make();
      const record = {
        progress: { done: 1, total: 2, message: null },
        log: [{ at: DUE, level: 'info', message: 'half' }],
        logDropped: 3,
      } as const;
      await store.claim(running());
      expect(await store.beat(running(), record)).toBe('goOn');
      expect(await store.get(key.jobUid, key.runId)).toEqual(running({ record }));
      expect(await store.cancel(key.jobUid, key.runId, DUE + 60)).toBe('asked');
      expect(await store.cancel(key.jobUid, key.runId, DUE + 70)).toBe('asked');
      expect(await store.beat(running(), record)).toBe('cancelled');
      expect(await store.beat(running({ lease: { ...lease, fence: 2 } }), record)).toBe('fenced');
      expect(await store.get(key.jobUid, key.runId)).toMatchObject({ state: 'running', cancelledAt: DUE + 60 });
      expect(await store.end(again, lease)).toBe('cancelled');
      expect(await store.end({ ...ended, state: 'cancelled', message: 'by hand' }, lease)).toBe('ended');
      expect(await store.cancel(key.jobUid, key.runId, DUE + 80)).toBe('gone');
    });

    it('gives the lock of a job to one run, which keeps it until it gives it back', async () => {
      const store = await make();
      const other = running({ runId: '20270101T000100Z' as RunId });
      expect(await store.lock(running())).toBe('locked');
      expect(await store.lock(running())).toBe('locked');
      expect(await store.lock(other)).toEqual({ holder: key.runId });
      await store.unlock(other);
      expect(await store.lock(other)).toEqual({ holder: key.runId });
      expect(await store.takeLock(other, '20270101T000200Z' as RunId)).toBe('changed');
      expect(await store.takeLock(other, key.runId)).toBe('locked');
      expect(await store.takeLock(other, key.runId)).toBe('locked');
      await store.unlock(running());
      expect(await store.lock(running())).toEqual({ holder: other.runId });
      await store.unlock(other);
      expect(await store.lock(running())).toBe('locked');
      expect(await store.lock(running({ jobUid: 'other' as JobUid }))).toBe('locked');
    });

    it('gives turns, one at a time, and takes back one that lasts too long', async () => {
      const store = await make();
      expect(await store.takeTurn(key.jobUid, 'a', DUE, DUE + 100)).toBe(true);
      expect(await store.takeTurn(key.jobUid, 'b', DUE + 50, DUE + 150)).toBe(false);
      expect(await store.takeTurn(key.jobUid, 'b', DUE + 100, DUE + 200)).toBe(true);
      await store.endTurn(key.jobUid, 'a');
      expect(await store.takeTurn(key.jobUid, 'c', DUE + 150, DUE + 250)).toBe(false);
      await store.endTurn(key.jobUid, 'b');
      expect(await store.takeTurn(key.jobUid, 'c', DUE + 150, DUE + 250)).toBe(true);
    });

    it('tells which runs failed since an instant', async () => {
      const store = await make();
      const failed = (n: number): FinishedRun => ({
        ...ended,
        runId: `2027010${n}T000000Z` as RunId,
        endedAt: DUE + n,
        state: 'failed',
        reason: 'error',
        error: { name: 'Error', message: 'm' },
      });
      for (const n of [1, 2, 3]) {
        await store.claim(running({ runId: failed(n).runId }));
        await store.end(failed(n), lease);
      }
      expect((await store.failed(DUE + 1, 9)).map(({ runId, at }) => [runId, at - DUE])).toEqual([
        ['20270102T000000Z', 2],
        ['20270103T000000Z', 3],
      ]);
      expect(await store.failed(DUE, 2)).toHaveLength(2);
      expect((await store.lastFailed(DUE + 2, 2)).map(({ at }) => at - DUE)).toEqual([2, 1]);
    });

    it('finds the first run from an id on, and the last up to one', async () => {
      const store = await make();
      const ids = ['20270101T000000Z', '20270102T000000Z', '20270103T000000Z'] as RunId[];
      for (const runId of ids) await store.claim(running({ runId }));
      await store.lock(running());
      await store.takeTurn(key.jobUid, 'a', DUE, DUE + 100);
      const around = async (runId: string) => [
        (await store.lastBefore(key.jobUid, runId as RunId))?.runId,
        (await store.firstFrom(key.jobUid, runId as RunId))?.runId,
      ];
      expect(await around('20270101T120000Z')).toEqual([ids[0], ids[1]]);
      expect(await around('20261231T000000Z')).toEqual([undefined, ids[0]]);
      expect(await around('20270104T000000Z')).toEqual([ids[2], undefined]);
    });

    it('records an occurrence that is not run, once, and never in place of a run', async () => {
      const store = await make();
      const skipped: UnstartedRun = {
        ...key,
        attempts: [],
        state: 'skipped',
        reason: 'paused',
        message: 'It was paused.',
        endedAt: DUE + 5,
      };
      expect(await store.record(skipped)).toBe('recorded');
      expect(await store.get(key.jobUid, key.runId)).toEqual(skipped);
      expect(await store.record({ ...skipped, endedAt: DUE + 9 })).toBe('exists');
      expect(await store.claim(running())).toBe('exists');
      const other = running({ runId: '20270105T000000Z' as RunId });
      await store.claim(other);
      expect(await store.record({ ...skipped, runId: other.runId })).toBe('exists');
    });

    it('keeps a stretch of missed due times', async () => {
      const store = await make();
      const missed: UnstartedRun = {
        ...key,
        attempts: [],
        state: 'missed',
        missed: { from: DUE - 3_600_000, to: DUE, count: 4 },
        message: 'It was too late.',
        endedAt: DUE + 9_000,
      };
      await store.record(missed);
      expect(await store.get(missed.jobUid, missed.runId)).toEqual(missed);
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
      const since = await store.list('uid' as JobUid, { from: ids[1], limit: 3 });
      expect([since.runs.map(({ runId }) => runId), since.more]).toEqual([[ids[2], ids[1]], false]);
      const last = await store.list('uid' as JobUid, { from: ids[1], before: ids[2], limit: 3 });
      expect([last.runs.map(({ runId }) => runId), last.more]).toEqual([[ids[1]], false]);
      expect(await store.list('uid' as JobUid, { from: '20270104T000000Z' as RunId, limit: 2 })).toEqual({ runs: [], more: false });
    });
  });
}
