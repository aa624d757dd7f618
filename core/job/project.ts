import { isoInstant } from '../contract/instant.ts';
import type { Clock, Engine, JobStore, Queue } from '../ports.ts';
import type { Envelope, Message } from '../run/message.ts';
import { delayUntil, occurrenceMessage } from '../run/message.ts';
import { compile } from '../schedule/compile.ts';
import { occurrencesBetween, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { primedUntil } from './first-ticks.ts';
import type { Job } from './job.ts';
import { render, scheduleName } from './render.ts';
import { timingOf } from './timing.ts';

/** What it takes to carry an intent out. */
export interface ProjectPorts {
  /** Who asks; undefined of what Carillon does itself. */
  readonly caller?: string | undefined;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly queue: Queue;
}

export interface ProjectOptions {
  /**
   * Whether no other write was on its way to EventBridge when this one was committed. If one was it may still land after
   * ours, so the intent is kept, and the reconciler does all of it once more when the other one is over.
   */
  readonly isAlone: boolean;
}

/**
 * Carries a committed intent out on EventBridge and clears it; what fails here is finished by the reconciler.
 *
 * Returns the job as it then stands.
 */
export async function project(ports: ProjectPorts, job: Job, { isAlone }: ProjectOptions = { isAlone: true }): Promise<Job> {
  if (job.intent === null) return job;
  const isDelete = job.intent === 'delete';
  if (!isDelete) await prime(ports, job);
  const schedule = isDelete ? undefined : render(job);
  const hasNone = schedule === undefined && job.rev === 1;
  const outcome = schedule ? await ports.engine.put(schedule) : hasNone ? DONE : await ports.engine.remove(scheduleName(job));
  if (outcome.is === 'retry' || !isAlone) return job;
  if (isDelete) {
    await ports.jobs.remove(job);
    return { ...job, intent: null };
  }
  const rejection = outcome.is === 'rejected' ? outcome.reason : null;
  await ports.jobs.settle(job, rejection);
  return { ...job, intent: null, rejection };
}

const DONE = { is: 'done' } as const;

/** Carries the intent out if that can be done now: the job is committed, so whatever fails is the reconciler's to finish. */
export function projectIfPossible(ports: ProjectPorts, job: Job, options?: ProjectOptions): Promise<Job> {
  return project(ports, job, options).catch(() => job);
}

/** A commit that is older than this had its due times sent, or they are found missing. */
const FRESH = 5 * 60_000;

/** Due times that come before EventBridge can tick go through the delay queue: one as it is, more as stretches to fan out. */
async function prime({ clock, queue }: ProjectPorts, job: Job): Promise<void> {
  if (job.paused) return;
  const now = clock.now();
  const timing = timingOf(job);
  const from = now - job.timingFrom < FRESH ? job.timingFrom : now;
  const to = primedUntil(timing, job.firstTick, now);
  const [first, second] = occurrencesBetween(timing, from, to - 1, 2);
  if (first === undefined) return;
  await queue.send(
    second === undefined
      ? [{ message: occurrenceMessage(job, job.timing, first), module: job.module, delaySeconds: delayUntil(first, now) }]
      : stretches(job, timing, from, to, now),
  );
}

/** A stretch is fanned out this long before it begins: not at once, since there are nearer ones, nor at a full minute, when ticks come. */
const AHEAD = 45_000;

/** Stretches as long as a window of the schedule, each in a message of its own. */
function stretches(job: Job, timing: Timing, from: Instant, to: Instant, now: Instant): Envelope[] {
  const compiled = compile(timing);
  const endAfter = (start: Instant) => (compiled.ticks === 'windowed' ? (Math.floor(start / compiled.window) + 1) * compiled.window : to);
  const envelopes: Envelope[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, endAfter(start));
    envelopes.push({ message: stretch(job, start, end), module: job.module, delaySeconds: delayUntil(start - AHEAD, now) });
    start = end;
  }
  return envelopes;
}

function stretch({ id, uid, timing }: Job, from: Instant, to: Instant): Message {
  return { kind: 'prime', jobId: id, jobUid: uid, timing, from: isoInstant(from), to: isoInstant(to) };
}
