import { describe, expect, it } from 'vitest';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports.ts';

export function jobOf(id: string, more: Partial<Job> = {}): Job {
  return {
    id: id as JobId,
    uid: `uid-of-${id}` as JobUid,
    rev: 1,
    module: 'noop' as ModuleName,
    set: null,
    schedule: 'rate(1 hour)',
    timezone: 'UTC',
    start: null,
    end: null,
    anchor: 1_000,
    timing: 1,
    timingFrom: 500,
    previous: [],
    paused: null,
    firstTick: 3_601_000,
    input: undefined,
    policies: {},
    description: null,
    tags: [],
    intent: 'apply',
    rejection: null,
    createdAt: 500,
    updatedAt: 500,
    madeAt: null,
    changes: [],
    ...more,
  };
}

/** What every JobStore does. */
export function jobStoreContract(name: string, make: () => Promise<JobStore>): void {
  describe(`${name} keeps jobs`, () => {
    it('stores a job whole, whatever its input', async () => {
      const store = await make();
      const job = jobOf('full', {
        start: 5_000,
        end: 9_000,
        input: { '': null, deep: [1.5, 1e300, 'ü', { empty: {} }], text: '' },
        policies: { timeout: '2m', catchUp: { run: 'all', within: '2h' } },
        schedule: { type: 'cron', dayOfWeek: 'mon-fri', hour: 9, second: '*/10' },
        previous: [
          {
            schedule: { type: 'rate', hours: 1 },
            timezone: 'UTC',
            start: null,
            end: 7_000,
            anchor: 1,
            timing: 1,
            timingFrom: 2,
            until: 3,
          },
        ],
        paused: { by: 'user', reason: null, at: 4_000 },
        changes: [
          { rev: 1, at: 1, by: null, changed: [] },
          { rev: 2, at: 2, by: 'arn:aws:iam::1:user/x', changed: ['input'] },
        ],
        description: 'told',
        tags: ['a', 'b'],
      });
      expect(await store.get(job.id)).toBeUndefined();
      expect(await store.create(job)).toBe('created');
      expect(await store.get(job.id)).toEqual(job);
    });

    it('creates an id once; its own answer, lost and asked for again, is no conflict', async () => {
      const store = await make();
      await store.create(jobOf('once'));
      expect(await store.create(jobOf('once', { uid: 'another' as JobUid }))).toBe('exists');
      expect((await store.get('once' as JobId))?.uid).toBe('uid-of-once');
    });

    it('replaces only the revision before', async () => {
      const store = await make();
      await store.create(jobOf('rev'));
      expect(await store.replace(jobOf('rev', { rev: 3 }), 'apply')).toBe('stale');
      expect(await store.replace(jobOf('rev', { rev: 2, uid: 'namesake' as JobUid }), 'apply')).toBe('stale');
      expect(await store.replace(jobOf('rev', { rev: 2, description: 'new' }), 'apply')).toBe('replaced');
      expect(await store.get('rev' as JobId)).toEqual(jobOf('rev', { rev: 2, description: 'new' }));
      expect(await store.replace(jobOf('rev', { rev: 3 }), null)).toBe('stale');
      await store.settle(jobOf('rev', { rev: 2 }), null);
      expect(await store.replace(jobOf('rev', { rev: 3 }), null)).toBe('replaced');
      expect(await store.replace(jobOf('none', { rev: 2 }), 'apply')).toBe('stale');
    });

    it('settles the intent of a revision, and of no other', async () => {
      const store = await make();
      await store.create(jobOf('intent'));
      await store.settle({ ...jobOf('intent'), rev: 2 }, null);
      expect((await store.get('intent' as JobId))?.intent).toBe('apply');
      await store.settle(jobOf('intent'), 'AWS said no');
      expect(await store.get('intent' as JobId)).toEqual(jobOf('intent', { intent: null, rejection: 'AWS said no' }));
      await store.settle(jobOf('intent'), null);
      expect(await store.get('intent' as JobId)).toEqual(jobOf('intent', { intent: null }));
    });

    it('lists pending intents, the oldest first', async () => {
      const store = await make();
      await store.create(jobOf('p2', { updatedAt: 200 }));
      await store.create(jobOf('p1', { updatedAt: 100 }));
      await store.create(jobOf('p3', { updatedAt: 300, intent: 'delete' }));
      await store.create(jobOf('done', { updatedAt: 50, intent: null }));
      expect(await store.pending(250, 10)).toEqual([
        { id: 'p1', intent: 'apply' },
        { id: 'p2', intent: 'apply' },
      ]);
      expect(await store.pending(999, 1)).toHaveLength(1);
      expect((await store.pending(999, 10)).at(-1)).toEqual({ id: 'p3', intent: 'delete' });
      await store.settle(jobOf('p1', { updatedAt: 100 }), null);
      expect(await store.pending(250, 10)).toEqual([{ id: 'p2', intent: 'apply' }]);
    });

    it('notes of a job at its revision when its schedule was found right', async () => {
      const store = await make();
      const job = jobOf('job');
      await store.create(job);
      await store.noteMade({ ...job, rev: 2 }, 600);
      expect((await store.get(job.id))?.madeAt).toBeNull();
      await store.noteMade(job, 700);
      expect(await store.get(job.id)).toEqual({ ...job, madeAt: 700 });
    });

    it('reopens a job at its revision, but not one that is being deleted', async () => {
      const store = await make();
      const job = jobOf('again', { intent: null });
      await store.create(job);
      expect(await store.reopen({ ...job, rev: 2, firstTick: 1 }, 700)).toBe('stale');
      expect(await store.reopen({ ...job, firstTick: 7_000 }, 700)).toBe('reopened');
      expect(await store.get(job.id)).toMatchObject({ rev: 1, intent: 'apply', firstTick: 7_000 });
      expect(await store.reopen({ ...job, firstTick: 8_000 }, 800)).toBe('reopened');
      expect(await store.reopen({ ...job, firstTick: null }, 800)).toBe('reopened');
      expect((await store.get(job.id))?.firstTick).toBeNull();
      const gone = jobOf('going', { intent: 'delete' });
      await store.create(gone);
      expect(await store.reopen({ ...gone, firstTick: 1 }, 800)).toBe('stale');
    });

    it('removes the revision it is asked to', async () => {
      const store = await make();
      await store.create(jobOf('gone'));
      await store.remove({ ...jobOf('gone'), rev: 2 });
      expect(await store.get('gone' as JobId)).toBeDefined();
      await store.remove(jobOf('gone'));
      expect(await store.get('gone' as JobId)).toBeUndefined();
      await store.remove(jobOf('gone'));
    });

    it('pages and counts in id order, without what is being deleted', async () => {
      const store = await make();
      for (const id of ['b', 'a', 'C', 'd']) await store.create(jobOf(id, { intent: id === 'd' ? 'delete' : null, tags: ['t'] }));
      const first = await store.list({ limit: 2 });
      expect(first.jobs.map(({ id }) => id)).toEqual(['C', 'a']);
      expect(first.more).toBe(true);
      const second = await store.list({ after: 'a' as JobId, limit: 2 });
      expect(second.jobs.map(({ id }) => id)).toEqual(['b']);
      expect(second.more).toBe(false);
      await store.create(jobOf('e', { paused: { by: 'user', reason: 'why', at: 5 }, schedule: { type: 'rate', minutes: 5 } }));
      expect((await store.list({ after: 'b' as JobId, limit: 2 })).jobs[0]).toMatchObject({
        paused: { by: 'user', reason: 'why', at: 5 },
        schedule: { type: 'rate', minutes: 5 },
      });
      await store.remove(jobOf('e'));
      expect(second.jobs[0]).toMatchObject({ uid: 'uid-of-b', schedule: 'rate(1 hour)', anchor: 1_000, tags: ['t'], description: null });
      expect([await store.count(10), await store.count(2)]).toEqual([3, 2]);
    });
  });
}
