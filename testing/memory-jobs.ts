import type { JobId } from '../core/ids.ts';
import type { Job } from '../core/job/job.ts';
import type { JobStore } from '../core/ports.ts';

/** Keeps jobs in memory; behaves as the table does (test/contracts/job-store.contract.ts). */
export function memoryJobs(): JobStore {
  const jobs = new Map<JobId, Job>();
  const current = ({ id, uid, rev }: Pick<Job, 'id' | 'uid' | 'rev'>): Job | undefined => {
    const job = jobs.get(id);
    return job?.uid === uid && job.rev === rev ? job : undefined;
  };
  const listed = () => [...jobs.values()].filter((job) => job.intent !== 'delete').sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    async create(job) {
      if (jobs.has(job.id)) return 'exists';
      jobs.set(job.id, job);
      return 'created';
    },
    async get(id) {
      return jobs.get(id);
    },
    async replace(job, intent) {
      if (current({ ...job, rev: job.rev - 1 })?.intent !== intent) return 'stale';
      jobs.set(job.id, job);
      return 'replaced';
    },
    async settle(key, rejection) {
      const job = current(key);
      if (job) jobs.set(job.id, { ...job, intent: null, rejection });
    },
    async reopen(key, now) {
      const job = current(key);
      if (!job || job.intent === 'delete') return 'stale';
      jobs.set(job.id, { ...job, intent: 'apply', firstTick: key.firstTick, madeAt: now });
      return 'reopened';
    },
    async noteMade(key, at) {
      const job = current(key);
      if (job) jobs.set(job.id, { ...job, madeAt: at });
    },
    async remove(key) {
      if (current(key)) jobs.delete(key.id);
    },
    async list({ prefix = '', after, limit }) {
      const rest = listed().filter(({ id }) => id.startsWith(prefix) && (after === undefined || id > after));
      return { jobs: rest.slice(0, limit), more: rest.length > limit };
    },
    async count(upTo, prefix = '') {
      return Math.min(listed().filter(({ id }) => id.startsWith(prefix)).length, upTo);
    },
    async pending(before, limit) {
      return [...jobs.values()]
        .filter((job) => job.intent !== null && job.updatedAt <= before)
        .sort((a, b) => a.updatedAt - b.updatedAt)
        .slice(0, limit)
        .map(({ id, intent }) => ({ id, intent: intent === 'delete' ? 'delete' : 'apply' }));
    },
  };
}
