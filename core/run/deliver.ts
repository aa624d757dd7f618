import type { RunId } from '../ids.ts';
import { runIdOf } from '../ids.ts';
import { dueTimes, isGoverned } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import { effectivePolicies } from '../job/policies.ts';
import type { Clock } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { isThere, occurrencesOfPrime, occurrencesOfTick } from './accept.ts';
import { execute, type Invocation, type RunnerPorts, runningFrom } from './execute.ts';
import { fanOut } from './fan-out.ts';
import { LATE_AFTER, MOST_CAUGHT_UP, verdict } from './lateness.ts';
import type { Prime, Tick } from './message.ts';
import { type FinishedRun, type Stretch, type UnstartedRun, unstarted } from './run.ts';

/** What came of a delivery. */
export type Delivery =
  | { readonly is: 'ran'; readonly run: FinishedRun }
  | { readonly is: 'recorded'; readonly run: UnstartedRun }
  | { readonly is: 'queued'; readonly count: number }
  | { readonly is: 'dropped'; readonly why: 'noJob' | 'notDue' | 'duplicate' | 'fenced' };

/** A delivery that comes this much before its instant waits for it; one that comes earlier is a fault of its sender. */
const EARLIEST = 2_000;

/** Many ticks come in the same instant: those that wait for a whole second hold up the others, so half a second will do. */
const TICK_TOLERANCE = 500;

/** Runs the occurrence that a tick of EventBridge stands for, or puts those of its window into the queue. */
export async function deliverTick(ports: RunnerPorts, tick: Tick, invocation: Invocation): Promise<Delivery> {
  const job = await jobAt(ports, tick, tick.dueAt);
  if (!job) return { is: 'dropped', why: 'noJob' };
  const { dueAts, isWindow } = occurrencesOfTick(job, tick);
  const [dueAt] = dueAts;
  if (dueAt === undefined) return { is: 'dropped', why: 'notDue' };
  // A rate's tick may come before the point of its grid that it stands for.
  if (isWindow || dueAt > ports.clock.now() + EARLIEST) {
    await fanOut(ports, job, tick.timing, dueAts, TICK_TOLERANCE);
    return { is: 'queued', count: dueAts.length };
  }
  await waitFor(ports.clock, dueAt);
  return answer(ports, job, dueAt, invocation);
}

/** Puts the occurrences of a stretch into the queue: those that EventBridge does not tick for yet. */
export async function deliverPrime(ports: RunnerPorts, prime: Prime): Promise<Delivery> {
  const job = await ports.jobs.get(prime.jobId);
  if (!isThere(job, prime.jobUid)) return { is: 'dropped', why: 'noJob' };
  const dueAts = occurrencesOfPrime(job, prime);
  await fanOut(ports, job, prime.timing, dueAts);
  return { is: 'queued', count: dueAts.length };
}

/** Runs one occurrence, once, however often it is delivered. */
export async function deliverOccurrence(ports: RunnerPorts, occurrence: Tick, invocation: Invocation): Promise<Delivery> {
  const job = await jobAt(ports, occurrence, occurrence.dueAt);
  if (!job) return { is: 'dropped', why: 'noJob' };
  return isGoverned(job, occurrence.timing, occurrence.dueAt)
    ? answer(ports, job, occurrence.dueAt, invocation)
    : { is: 'dropped', why: 'notDue' };
}

/** Starts a run that was asked for. */
export async function deliverRun(
  ports: RunnerPorts,
  request: Pick<Tick, 'jobId' | 'jobUid'> & { runId: RunId },
  invocation: Invocation,
): Promise<Delivery> {
  const job = await ports.jobs.get(request.jobId);
  if (!isThere(job, request.jobUid)) {
    await ports.runs.withdraw(request.jobUid, request.runId);
    return { is: 'dropped', why: 'noJob' };
  }
  const waiting = await ports.runs.get(job.uid, request.runId);
  if (waiting?.state !== 'waiting') return { is: 'dropped', why: 'duplicate' };
  const run = runningFrom(ports.clock, job, waiting, invocation);
  if ((await ports.runs.start(run)) === 'gone') return { is: 'dropped', why: 'duplicate' };
  return ended(await execute(ports, job, run, invocation));
}

/** Waits for an instant and only then reads the job: what is read is true at the due time, so a change before it is obeyed. */
async function jobAt(ports: RunnerPorts, { jobId, jobUid }: Tick, instant: Instant): Promise<Job | undefined> {
  await waitFor(ports.clock, instant);
  const job = await ports.jobs.get(jobId);
  return isThere(job, jobUid) ? job : undefined;
}

/** Gives an occurrence its one answer: it is run, or its record says why not. */
async function answer(ports: RunnerPorts, job: Job, dueAt: Instant, invocation: Invocation): Promise<Delivery> {
  const now = ports.clock.now();
  const record = async (why: { state: 'skipped'; reason: 'paused' } | { state: 'missed'; missed: Stretch }): Promise<Delivery> => {
    const run: UnstartedRun = { ...unstarted(job, dueAt, now), ...why };
    return (await ports.runs.record(run)) === 'recorded' ? { is: 'recorded', run } : { is: 'dropped', why: 'duplicate' };
  };
  if (job.paused) return record({ state: 'skipped', reason: 'paused' });
  if (now - dueAt >= LATE_AFTER) {
    if (await ports.runs.isMissed(job.uid, dueAt)) return { is: 'dropped', why: 'duplicate' };
    const laterDue = dueTimes(job, dueAt, now, MOST_CAUGHT_UP).length;
    const module = await ports.modules.load(job.module).catch(() => undefined);
    const { catchUp } = effectivePolicies(job.policies, module?.policies);
    if (verdict(dueAt, laterDue, catchUp, now) === 'missed')
      return record({ state: 'missed', missed: { from: dueAt, to: dueAt, count: 1 } });
  }
  const run = runningFrom(ports.clock, job, { runId: runIdOf(dueAt), trigger: 'schedule', dueAt }, invocation);
  if ((await ports.runs.claim(run)) === 'exists') return { is: 'dropped', why: 'duplicate' };
  return ended(await execute(ports, job, run, invocation));
}

function ended(run: FinishedRun | undefined): Delivery {
  return run ? { is: 'ran', run } : { is: 'dropped', why: 'fenced' };
}

async function waitFor(clock: Clock, dueAt: Instant): Promise<void> {
  const early = dueAt - clock.now();
  if (early > EARLIEST) throw new Error(`the delivery came ${early} ms before its due time`);
  if (early > 0) await clock.wait(early);
}
