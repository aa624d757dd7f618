import { mutantsOf } from '../mutant.ts';

const accept = mutantsOf('core/run/accept.ts', [
  {
    name: 'a deleted job that is still there for its ticks',
    replace: `job.uid === uid && job.intent !== 'delete'`,
    by: 'job.uid === uid',
    breaks: 'S2',
  },
  {
    name: 'a delivery for the job that was deleted counts for its namesake',
    replace: `job.uid === uid && job.intent !== 'delete'`,
    by: `job.intent !== 'delete'`,
    breaks: 'S2',
  },
  {
    name: 'a tick that is read by the timing of now',
    replace: 'governingTimings(job).find(({ number }) => number === tick.timing)',
    by: 'governingTimings(job).at(-1)',
    breaks: 'S2',
  },
  {
    name: 'a tick that counts beyond what its timing governs',
    replace: '.filter((dueAt) => dueAt > made.from && dueAt <= made.until)',
    by: '',
    breaks: 'S2',
  },
  {
    name: 'a stretch without the due time at its beginning',
    replace: 'Math.max(from - 1, made.from)',
    by: 'Math.max(from, made.from)',
    breaks: 'on time',
  },
]);

const governed = mutantsOf('core/job/due-times.ts', [
  {
    name: 'a due time of an earlier timing counts for the one of now',
    replace: 'one.number === number && dueAt > one.from',
    by: 'dueAt > one.from',
    breaks: 'S2',
  },
  {
    name: 'a due time counts although its timing does not govern any more',
    replace: 'dueAt > one.from && dueAt <= one.until',
    by: 'dueAt > one.from',
    breaks: 'S2',
  },
  {
    name: 'a paused job that has due times',
    replace: 'return job.paused ? earlier : [...earlier,',
    by: 'return [...earlier,',
    breaks: 'L2',
  },
  {
    name: 'due times of before their timing',
    replace: 'occurrencesBetween(timing, Math.max(after, from),',
    by: 'occurrencesBetween(timing, after,',
    breaks: 'L2',
  },
]);

const deliver = mutantsOf('core/run/deliver.ts', [
  {
    name: 'the job read before its due time is waited for',
    replace: 'await waitFor(ports.clock, instant);\n  const job = await ports.jobs.get(jobId);',
    by: 'const job = await ports.jobs.get(jobId);\n  await waitFor(ports.clock, instant);',
    breaks: 'S2',
  },
  {
    name: 'a start that comes before its due time',
    replace: 'if (early > 0) await clock.wait(early);',
    by: '',
    breaks: 'S2',
  },
  {
    name: 'an occurrence that is not asked whether it is still governed',
    replace: 'isGoverned(job, occurrence.timing, occurrence.dueAt)',
    by: '!job.paused',
    breaks: 'S2',
  },
  {
    name: 'a run keyed by its invocation',
    replace: '{ ...key, attempt: 0,',
    by: `{ ...key, runId: key.runId + '-' + invocation.id.toLowerCase().replace(/[^a-z2-7]/g, 'a').padStart(8, 'a').slice(-8), attempt: 0,`,
    breaks: 'S1',
  },
  {
    name: 'an occurrence executed without a claim',
    replace: `return (await ports.runs.claim(run)) === 'claimed' ? { is: 'claimed', run } : takeOver(ports, job, run.runId, run);`,
    by: `await ports.runs.claim(run);\n  return { is: 'claimed', run };`,
    breaks: 'S1',
  },
  {
    name: 'a job that counts as paused and is not',
    replace: 'if (job.paused) return record(pausedBecause(job.paused));',
    by: 'if (now > 0) return record(pausedBecause({ reason: null }));',
    breaks: 'L2',
  },
  {
    name: 'a due time that is missed although it is delivered on time',
    replace: 'if (job.paused) return record(pausedBecause(job.paused));',
    by: "if (now > 0) return record({ state: 'missed', missed: { from: dueAt, to: dueAt, count: 1 }, message: '' });",
    breaks: 'L2',
  },
  {
    name: 'a paused job that is still run',
    replace: 'if (job.paused) return record(pausedBecause(job.paused));',
    by: '',
    breaks: 'S2',
  },
  {
    name: 'a held stage that still runs what falls due',
    replace: 'if (hold) return record(heldBecause(hold));',
    by: '',
    breaks: 'hold',
  },
  {
    name: 'a held stage that still starts what waits',
    replace: `if (hold) return run.reason === 'manual' ? end(heldBecause(hold)) : { is: 'dropped', why: 'held' };`,
    by: '',
    breaks: 'hold',
  },
  {
    name: 'a run taken over although its process lives',
    replace: 'if (!isExpired(run, ports)) {',
    by: 'if (run.lease.expiresAt === 0) {',
    breaks: 'S6',
  },
  {
    name: 'a start that came second is taken as done',
    replace: "=== 'gone') return deliverStart(ports, request, invocation);",
    by: "=== 'gone') return DUPLICATE;",
    breaks: 'L3',
  },
  {
    name: 'a late delivery that is not late',
    replace: 'const late = age >= LATE_AFTER;',
    by: 'const late = false;',
    breaks: 'lateness',
  },
  {
    name: 'a due time among others that is claimed out of turn',
    replace: 'age >= LATE_AFTER - SLOWEST_CLAIM && dueTimes(job, dueAt, now, 1).length > 0;',
    by: 'false;',
    breaks: 'L2',
  },
  {
    name: 'a due time run although it was recorded as missed',
    replace: '(await isMissed(ports, job, dueAt)) ? DUPLICATE : claimOrRecord(ports, job, dueAt, late, invocation),',
    by: 'claimOrRecord(ports, job, dueAt, late, invocation),',
    breaks: 'L2',
  },
]);

/** Whether a delivery counts, and the one answer of a due time. */
export const acceptMutants = [...accept, ...governed, ...deliver];
