import { isoInstant } from '../contract/instant.ts';
import type { Clock, Engine, JobStore, Queue } from '../ports.ts';
import { nextOccurrences } from '../schedule/occurrences.ts';
import type { Job } from './job.ts';
import { render, scheduleName } from './render.ts';
import { timingOf } from './timing.ts';

/** What it takes to carry an intent out. */
export interface ProjectPorts {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly queue: Queue;
}

/** A rate has at most one due time before its first tick, a minute ahead; two leave room for a slow write. */
const DUE_BEFORE_FIRST_TICK = 2;

/**
 * Carries a committed intent out on EventBridge and clears it; what fails here is finished by the reconciler.
 *
 * Returns the job as it then stands.
 */
export async function project(ports: ProjectPorts, job: Job): Promise<Job> {
  if (job.intent === null) return job;
  const isDelete = job.intent === 'delete';
  if (!isDelete) await sendBeforeFirstTick(ports, job);
  const outcome = isDelete ? await ports.engine.remove(scheduleName(job)) : await ports.engine.put(render(job));
  if (outcome.is === 'retry') return job;
  if (isDelete) {
    await ports.jobs.remove(job);
    return { ...job, intent: null };
  }
  const rejection = outcome.is === 'rejected' ? outcome.reason : null;
  await ports.jobs.settle(job, rejection);
  return { ...job, intent: null, rejection };
}

/** Carries the intent out if that can be done now: the job is committed, so whatever fails is the reconciler's to finish. */
export function projectIfPossible(ports: ProjectPorts, job: Job): Promise<Job> {
  return project(ports, job).catch(() => job);
}

/** Due times that come before EventBridge can tick go through the delay queue. */
async function sendBeforeFirstTick({ clock, queue }: ProjectPorts, job: Job): Promise<void> {
  if (job.firstTick === null) return;
  const now = clock.now();
  const timing = timingOf(job);
  for (const dueAt of nextOccurrences(timing, now, DUE_BEFORE_FIRST_TICK)) {
    if (dueAt >= job.firstTick) return;
    const message = { kind: 'occurrence', jobId: job.id, jobUid: job.uid, timing: job.timing, dueAt: isoInstant(dueAt) } as const;
    await queue.send(message, Math.floor((dueAt - now) / 1000));
  }
}
