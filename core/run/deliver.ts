import type { RunId } from '../ids.ts';
import { dueTimes, isGoverned } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import { effectivePolicies } from '../job/policies.ts';
import type { Clock } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { isThere, occurrencesOfPrime, occurrencesOfTick } from './accept.ts';
import { expire, isExpired } from './conclude.ts';
import { execute, type Invocation, type RunnerPorts, runningFrom } from './execute.ts';
import { fanOut } from './fan-out.ts';
import { LATE_AFTER, MOST_CAUGHT_UP, verdict } from './lateness.ts';
import { lookBack, newestOver } from './look-back.ts';
import { type Message, occurrenceMessage, runMessage } from './message.ts';
import { policiesByModule } from './policies-of.ts';
import { heldBecause, keptUntil, missedBecause, pausedBecause } from './reasons.ts';
import type { Prime, Received, StartRequest, Tick } from './received.ts';
import { type EndedRun, occurrenceKey, type RunningRun, type Unstarted, type UnstartedRun, unstartedFrom, type WaitingRun } from './run.ts';
import { inTurn } from './turn.ts';

/** What came of a delivery. */
export type Delivery =
  | { readonly is: 'ran'; readonly run: EndedRun | WaitingRun }
  | { readonly is: 'recorded'; readonly run: UnstartedRun }
  | { readonly is: 'queued'; readonly count: number }
  | { readonly is: 'dropped'; readonly why: 'noJob' | 'notDue' | 'duplicate' | 'fenced' | 'held' };

/** A delivery that comes this much before its instant waits for it; one that comes earlier is a fault of its sender. */
const EARLIEST = 2_000;

/** Delivers one message of the delay queue. */
export function deliverMessage(ports: RunnerPorts, message: Received, invocation: Invocation): Promise<Delivery> {
  switch (message.kind) {
    case 'occurrence':
      return deliverOccurrence(ports, message, invocation);
    case 'prime':
      return deliverPrime(ports, message, invocation);
    case 'run':
      return deliverStart(ports, message, invocation);
  }
}

/** Runs the occurrence that a tick of EventBridge stands for, or puts those of its window into the queue. */
export async function deliverTick(ports: RunnerPorts, tick: Tick, invocation: Invocation): Promise<Delivery> {
  const [job, newest] = await Promise.all([jobAt(ports, tick, tick.dueAt), newestOver(ports, tick)]);
  if (!job) return { is: 'dropped', why: 'noJob' };
  // What it does for the past must not hold up what is due now.
  const [delivery] = await Promise.all([
    deliverDue(ports, job, tick, invocation),
    lookBack(ports, job, tick, newest).catch(() => undefined),
  ]);
  return delivery;
}

async function deliverDue(ports: RunnerPorts, job: Job, tick: Tick, invocation: Invocation): Promise<Delivery> {
  const { dueAts, isWindow } = occurrencesOfTick(job, tick);
  const [dueAt] = dueAts;
  if (dueAt === undefined) return { is: 'dropped', why: 'notDue' };
  // A rate's tick may come before the point of its grid that it stands for.
  if (isWindow || dueAt > ports.clock.now() + EARLIEST) {
    await fanOut(ports, job, tick.timing, dueAts, invocation.othersWait);
    return { is: 'queued', count: dueAts.length };
  }
  if (dueAt <= ports.clock.now()) return answer(ports, job, { ...tick, dueAt }, invocation);
  return deliverOccurrence(ports, { ...tick, dueAt }, invocation);
}

/** Puts the occurrences of a stretch into the queue: those that EventBridge does not tick for yet. */
async function deliverPrime(ports: RunnerPorts, prime: Prime, invocation: Invocation): Promise<Delivery> {
  const job = await ports.jobs.get(prime.jobId);
  if (!isThere(job, prime.jobUid)) return { is: 'dropped', why: 'noJob' };
  const dueAts = occurrencesOfPrime(job, prime);
  await fanOut(ports, job, prime.timing, dueAts, invocation.othersWait);
  return { is: 'queued', count: dueAts.length };
}

/** Runs one occurrence, once, however often it is delivered. */
export async function deliverOccurrence(ports: RunnerPorts, occurrence: Tick, invocation: Invocation): Promise<Delivery> {
  const job = await jobAt(ports, occurrence, occurrence.dueAt);
  if (!job) return { is: 'dropped', why: 'noJob' };
  return isGoverned(job, occurrence.timing, occurrence.dueAt)
    ? answer(ports, job, occurrence, invocation)
    : { is: 'dropped', why: 'notDue' };
}

/** Starts a run that was asked for, or its next attempt. */
export async function deliverStart(ports: RunnerPorts, request: StartRequest, invocation: Invocation): Promise<Delivery> {
  const run = await ports.runs.get(request.jobUid, request.runId);
  // What is read is true when the run is due, so a change before it is obeyed.
  if (run?.state === 'waiting') await waitFor(ports.clock, run.until);
  const [found, hold] = await Promise.all([ports.jobs.get(request.jobId), ports.stage.read()]);
  const job = isThere(found, request.jobUid) ? found : undefined;
  if (run?.state === 'running' && run.lease.fence === request.fence) return takeOver(ports, job, run.runId, request);
  if (run?.state !== 'waiting' || run.fence + 1 !== request.fence) return { is: 'dropped', why: job ? 'duplicate' : 'noJob' };
  const end = async (why: Unstarted): Promise<Delivery> => {
    const ended = unstartedFrom(run, why, ports.clock.now());
    return (await ports.runs.endWaiting(ended, run.fence)) === 'ended' ? { is: 'recorded', run: ended } : DUPLICATE;
  };
  if (!job) return end({ state: 'cancelled', message: 'Its job was deleted.' });
  // What has begun stays waiting, and is sent for again once the stage is released.
  if (hold) return run.reason === 'manual' ? end(heldBecause(hold)) : { is: 'dropped', why: 'held' };
  if (!ports.isOurs(job.module)) return sendOn(ports, job, runMessage(run, ports.clock.now()).message);
  const running = runningFrom(ports.clock, run, invocation);
  if ((await ports.runs.start(running)) === 'gone') return deliverStart(ports, request, invocation);
  return ran(await execute(ports, job, running, invocation));
}

/** Waits for an instant and only then reads the job: what is read is true at the due time, so a change before it is obeyed. */
async function jobAt(ports: RunnerPorts, { jobId, jobUid }: Tick, instant: Instant): Promise<Job | undefined> {
  await waitFor(ports.clock, instant);
  const job = await ports.jobs.get(jobId);
  return isThere(job, jobUid) ? job : undefined;
}

/** While a deployment is under way two versions may not agree on whose a module is, and Lambda ends what goes to and fro 16 times. */
const SENT_ON_AFTER = 10;

async function sendOn({ queue }: Pick<RunnerPorts, 'queue'>, { module }: Job, message: Message): Promise<Delivery> {
  await queue.send([{ message, module, delaySeconds: SENT_ON_AFTER }]);
  return { is: 'queued', count: 1 };
}

/** Gives an occurrence its one answer: it is run, or its record says why not. */
async function answer(ports: RunnerPorts, job: Job, { timing, dueAt }: Tick, invocation: Invocation): Promise<Delivery> {
  if (!ports.isOurs(job.module)) return sendOn(ports, job, occurrenceMessage(job, timing, dueAt));
  const now = ports.clock.now();
  const age = now - dueAt;
  const late = age >= LATE_AFTER;
  // A stretch is kept under its last, so only what has others after it may be in the middle of one. What comes due after this
  // instant is missed LATE_AFTER later at the soonest, and this claim has arrived by then.
  const mayBeAmongMissed = age >= LATE_AFTER - SLOWEST_CLAIM && dueTimes(job, dueAt, now, 1).length > 0;
  const claimed = mayBeAmongMissed
    ? await inTurn(ports, job.uid, async () =>
        (await isMissed(ports, job, dueAt)) ? DUPLICATE : claimOrRecord(ports, job, dueAt, late, invocation),
      )
    : await claimOrRecord(ports, job, dueAt, late, invocation);
  if (claimed.is !== 'claimed') return claimed;
  return ran(await execute(ports, job, claimed.run, invocation));
}

/** The SDK gives up on a write after this: a claim that is slow to arrive must not do so after others have looked. */
const SLOWEST_CLAIM = 15_000;

const DUPLICATE = { is: 'dropped', why: 'duplicate' } as const;

async function claimOrRecord(
  ports: RunnerPorts,
  job: Job,
  dueAt: Instant,
  late: boolean,
  invocation: Invocation,
): Promise<Delivery | { readonly is: 'claimed'; readonly run: RunningRun }> {
  const now = ports.clock.now();
  // The module's own policies are not known before its code is loaded, and that may be its end: the claim comes first.
  const key = occurrenceKey(job, dueAt, keptUntil(dueAt, effectivePolicies(job.policies, undefined)));
  const record = async (why: Unstarted): Promise<Delivery> => {
    const run: UnstartedRun = { ...key, endedAt: now, attempts: [], ...why };
    return (await ports.runs.record(run)) === 'recorded' ? { is: 'recorded', run } : takeOver(ports, job, run.runId, run);
  };
  if (job.paused) return record(pausedBecause(job.paused));
  const hold = await ports.stage.read();
  if (hold) return record(heldBecause(hold));
  if (late) {
    const laterDue = dueTimes(job, dueAt, now, MOST_CAUGHT_UP).length;
    const { catchUp } = await policiesByModule(ports.modules)(job);
    if (verdict(dueAt, laterDue, catchUp, now) === 'missed') {
      return record({ state: 'missed', missed: { from: dueAt, to: dueAt, count: 1 }, message: missedBecause(catchUp) });
    }
  }
  const run = runningFrom(ports.clock, { ...key, attempt: 0, attempts: [], fence: 0, locked: false, late }, invocation);
  return (await ports.runs.claim(run)) === 'claimed' ? { is: 'claimed', run } : takeOver(ports, job, run.runId, run);
}

/**
 * The run is there already: if its process is gone it is ended, else this delivery is one too many.
 *
 * Rejects where the process lives and might die unnoticed, so that the message comes again: the walk looks for runs under way only
 * among what was due of late, and not for what was asked for. Of two that deliver a late due time at once, the second rejects so.
 */
async function takeOver(ports: RunnerPorts, job: Job | undefined, runId: RunId, { jobUid }: Pick<Tick, 'jobUid'>): Promise<Delivery> {
  const run = await ports.runs.get(jobUid, runId);
  const now = ports.clock.now();
  if (run?.state !== 'running') return DUPLICATE;
  if (!isExpired(run, ports)) {
    if (run.trigger === 'schedule' && now - run.dueAt < LATE_AFTER) return DUPLICATE;
    throw new Error(`${runId} is under way already; to be looked at again when its lease is over`);
  }
  return ran(await expire(ports, policiesByModule(ports.modules), job, run));
}

/** A stretch of missed due times is kept under its last: the first record from this one on is it, if there is one. */
async function isMissed({ runs }: RunnerPorts, job: Job, dueAt: Instant): Promise<boolean> {
  const next = await runs.firstFrom(job.uid, occurrenceKey(job, dueAt, 0).runId);
  return next?.state === 'missed' && next.missed.from <= dueAt;
}

function ran(run: EndedRun | WaitingRun | undefined): Delivery {
  return run ? { is: 'ran', run } : { is: 'dropped', why: 'fenced' };
}

async function waitFor(clock: Clock, dueAt: Instant): Promise<void> {
  const early = dueAt - clock.now();
  if (early > EARLIEST) throw new Error(`the delivery came ${early} ms before its due time`);
  if (early > 0) await clock.wait(early);
}
