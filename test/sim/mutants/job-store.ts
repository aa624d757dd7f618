import { mutantsOf } from '../mutant.ts';

const jobs = mutantsOf('testing/memory-jobs.ts', [
  {
    name: 'a job created in place of another',
    replace: `if (jobs.has(job.id)) return 'exists';`,
    by: '',
    breaks: 'S3',
  },
  {
    name: 'a change of a revision that is not the latest',
    replace: `if (current({ ...job, rev: job.rev - 1 })?.intent !== intent) return 'stale';`,
    by: `if (jobs.get(job.id)?.uid !== job.uid) return 'stale';`,
    breaks: 'S3',
  },
  {
    name: 'a change that does not see that an intent came in between',
    replace: `if (current({ ...job, rev: job.rev - 1 })?.intent !== intent) return 'stale';`,
    by: `if (!current({ ...job, rev: job.rev - 1 })) return 'stale';`,
    breaks: 'L1',
  },
  {
    name: 'a write meant for the job that was deleted hits its namesake',
    replace: 'job?.uid === uid && job.rev === rev',
    by: 'job?.rev === rev',
    breaks: 'S3',
  },
  {
    name: 'an intent settled although a later revision has its own',
    replace: 'if (job) jobs.set(job.id, { ...job, intent: null, rejection });',
    by: 'const latest = job ?? jobs.get(key.id);\n      if (latest) jobs.set(latest.id, { ...latest, intent: null, rejection });',
    breaks: 'L1',
  },
  {
    name: 'a schedule made again puts an old revision back',
    replace: `if (!job || job.intent === 'delete') return 'stale';\n      jobs.set(job.id, { ...job, intent: 'apply'`,
    by: `jobs.set(key.id, { ...job, ...key, intent: 'apply'`,
    breaks: 'S3',
  },
  {
    name: 'a job removed at whatever revision',
    replace: 'if (current(key)) jobs.delete(key.id);',
    by: 'jobs.delete(key.id);',
    breaks: 'S3',
  },
  {
    name: 'deletions that are not among the intents to finish',
    replace: 'job.intent !== null && job.updatedAt <= before',
    by: `job.intent === 'apply' && job.updatedAt <= before`,
    breaks: 'L1',
  },
]);

const stage = mutantsOf('testing/memory-stage.ts', [
  {
    name: 'a key that is not remembered',
    replace: 'if (first && first.at > request.at - KEPT_FOR) return first;',
    by: '',
    breaks: 'S7',
  },
  {
    name: 'a key that is remembered for an hour',
    replace: 'const KEPT_FOR = 24 * 3_600_000;',
    by: 'const KEPT_FOR = 3_600_000;',
    breaks: 'S7',
  },
  {
    name: 'a refused request that forgets the answer of the one before',
    replace: 'if (first?.seed === seed && first.answer === null) requests.delete(key);',
    by: 'if (first) requests.delete(key);',
    breaks: 'S7',
  },
]);

/** The conditions under which the table takes writes of jobs and of what the stage remembers. */
export const jobStoreMutants = [...jobs, ...stage];
