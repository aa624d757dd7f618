import { describe, expect, it } from 'vitest';
import { parts } from '../../../core/reconcile/walk.ts';
import { sendStart } from '../../../core/run/conclude.ts';
import { memoryJobs } from '../../../testing/memory-jobs.ts';
import { jobOf } from '../../contracts/job-store.contract.ts';
import { again } from '../../contracts/run-examples.ts';
import { NOTHING, world } from '../../support/world.ts';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a walk', () => {
  it('divides what is too much for memory by the beginnings of names, and goes on after any part', async () => {
    const jobs = memoryJobs();
    const numbered = Array.from({ length: 60_000 }, (_, n) => `job-${String(n).padStart(5, '0')}`);
    const odd = ['job', 'job.', 'job-', 'j', 'A', 'z', '-', '.-', 'job.a', 'job.a.b', 'job-1', 'job-1.2'];
    const ids = [...numbered, ...odd].sort();
    jobs.count = async (upTo, prefix = '') => Math.min(upTo, ids.filter((id) => id.startsWith(prefix)).length);
    const all = await collect(parts(jobs, null));
    for (const id of ids) expect(all.filter((prefix) => `${id}.uid`.startsWith(prefix)).length, id).toBe(1);
    for (const prefix of all) expect(ids.filter((id) => `${id}.uid`.startsWith(prefix)).length).toBeLessThanOrEqual(25_001);
    for (const at of [0, 3, Math.floor(all.length / 2), all.length - 1]) {
      expect(await collect(parts(jobs, all[at] ?? ''))).toEqual(all.slice(at + 1));
    }
  }, 60_000);

  it('is one part while there are few jobs, and over after it', async () => {
    const jobs = memoryJobs();
    await jobs.create(jobOf('job'));
    expect(await collect(parts(jobs, null))).toEqual(['']);
    expect(await collect(parts(jobs, ''))).toEqual([]);
  });

  it.each([true, false])('interrupted after each page visits every job once (comparing: %s)', async (compare) => {
    const w = world();
    for (let n = 0; n < 1_700; n++) await w.jobs.create(jobOf(`job-${n}`, { intent: null, schedule: 'cron(0 8 1 6 ? *)' }));
    if (!compare) await w.reconcile();
    const before = w.engine.schedules.size;
    const read: (string | undefined)[] = [];
    const { list } = w.jobs;
    w.jobs.list = (page) => {
      read.push(page.after);
      return list.call(w.jobs, page);
    };
    const { save } = w.checkpoints;
    let passes = 0;
    const made: number[] = [];
    for (let walk = ''; walk !== 'done' && passes < 9; passes++) {
      let saves = 0;
      w.checkpoints.save = async (owner, checkpoint) => {
        saves += 1;
        if (saves === 2 && checkpoint.walk !== null) throw new Error('killed');
        return save(owner, checkpoint);
      };
      const pass = await w.reconcile({ restarted: false }).catch(() => undefined);
      // The lease of the pass that was killed runs out.
      await w.clock.advance(700_000);
      walk = pass?.walk ?? '';
      made.push(w.engine.schedules.size - before);
    }
    w.checkpoints.save = save;
    expect([passes > 2, made.at(-1)]).toEqual([true, compare ? 1_700 : 0]);
    // Where nothing is compared, what was walked is not read again.
    if (!compare) expect(read.filter((after) => after === undefined)).toHaveLength(1);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ repaired: 0, gaps: 0, failed: 0 });
  });

  it('stops at its deadline and goes on in the next pass, with the span that it began with', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    w.engine.schedules.clear();
    expect(await w.reconcile({ restarted: false, deadline: w.clock.now() })).toEqual({ ...NOTHING, walk: 'interrupted' });
    await w.clock.advance(300_000);
    expect(await w.reconcile({ restarted: false })).toEqual({ ...NOTHING, repaired: 1 });
  });

  it('is made by one pass at a time; the others do what needs no walk', async () => {
    const w = world();
    await w.checkpoints.take('another pass', w.clock.now(), w.clock.now() + 600_000);
    w.engine.answers.push({ is: 'retry', reason: 'down' });
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    expect(await w.reconcile({ restarted: false })).toEqual({ ...NOTHING, intents: 1, walk: 'elsewhere' });
    await w.clock.advance(600_000);
    expect(await w.reconcile({ restarted: false })).toEqual(NOTHING);
  });

  it('is taken over by a host that starts anew: the pass that was under way died with the one before', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    w.engine.schedules.clear();
    await w.checkpoints.take('the pass before', w.clock.now(), w.clock.now() + 600_000);
    expect(await w.reconcile()).toEqual({ ...NOTHING, repaired: 1 });
  });

  it('reads a schedule that was changed and is right once, and not in every walk', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 day)' });
    await w.clock.advance(600_000);
    const [schedule] = w.engine.schedules.values();
    if (schedule) w.engine.set(schedule);
    const { compare } = w.engine;
    let compared = 0;
    w.engine.compare = (wanted) => {
      compared += 1;
      return compare.call(w.engine, wanted);
    };
    for (let passes = 0; passes < 3; passes++) expect(await w.reconcile()).toEqual(NOTHING);
    expect(compared).toBe(1);
  });

  it('that lost its checkpoint to another pass stops', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    const { list } = w.jobs;
    w.jobs.list = async (page) => {
      await w.checkpoints.take('another pass', w.clock.now() + 3_600_000, w.clock.now() + 7_200_000);
      return list.call(w.jobs, page);
    };
    await expect(w.reconcile()).rejects.toThrow('another pass has taken over');
  });
});

describe('a line of messages', () => {
  it('is broken off before Lambda takes it for a loop, and begun anew by the reconciler', async () => {
    const w = world();
    const now = w.clock.now();
    for (let fence = 0; fence < 24; fence++) await sendStart(w, { ...again, fence, until: now + 1_000 });
    expect(w.queue.sent).toHaveLength(22);
    // Overdue, it is sent by the reconciler, whose line is its own.
    await sendStart(w, { ...again, fence: 11, until: now });
    expect(w.queue.sent).toHaveLength(23);
  });
});
