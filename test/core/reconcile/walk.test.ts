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
    const ids = [
      ...Array.from({ length: 6_000 }, (_, n) => `job-${String(n).padStart(4, '0')}`),
      ...['job', 'job.', 'job-', 'j', 'A', 'z', '-', '.-', 'job.a', 'job.a.b', 'job-1', 'job-1.2'],
    ];
    for (const id of ids) await jobs.create(jobOf(id));
    const all = await collect(parts(jobs, null));
    expect(all.flatMap((part) => part.jobs.map(({ id }) => String(id))).sort()).toEqual(ids.toSorted());
    expect(Math.max(...all.map((part) => part.jobs.length))).toBeLessThanOrEqual(5_000);
    for (const { prefix, jobs: of } of all) {
      expect(of.every((job) => `${job.id}.${job.uid}`.startsWith(prefix))).toBe(true);
    }
    for (const at of [0, 3, Math.floor(all.length / 2), all.length - 1]) {
      const rest = await collect(parts(jobs, all[at]?.prefix ?? ''));
      expect(rest.map(({ prefix }) => prefix)).toEqual(all.slice(at + 1).map(({ prefix }) => prefix));
    }
  }, 60_000);

  it('is one part while there are few jobs, and over after it', async () => {
    const jobs = memoryJobs();
    await jobs.create(jobOf('job'));
    expect(await collect(parts(jobs, null))).toMatchObject([{ prefix: '', jobs: [{ id: 'job' }] }]);
    expect(await collect(parts(jobs, ''))).toEqual([]);
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
    expect(await w.reconcile()).toEqual({ ...NOTHING, intents: 1, walk: 'elsewhere' });
    await w.clock.advance(600_000);
    expect(await w.reconcile()).toEqual(NOTHING);
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
