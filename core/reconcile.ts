import type { JobId } from './ids.ts';
import type { Job } from './job/job.ts';
import { project } from './job/project.ts';
import { scheduleName } from './job/render.ts';
import { firstTickOf, timingOf } from './job/timing.ts';
import type { Clock, Engine, JobStore, Queue, RunStore } from './ports.ts';
import { nextOccurrence } from './schedule/occurrences.ts';

export interface ReconcilePorts {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly engine: Engine;
  readonly queue: Queue;
}

export interface Reconciled {
  readonly intents: number;
  readonly runs: number;
  readonly jobs: number;
  readonly schedules: number;
}

const PAGE = 100;
/** Requests under way at once. */
const WIDTH = 16;

/** Brings EventBridge in line with the table: finishes intents, sends waiting runs again, makes schedules that are gone. */
export async function reconcile(ports: ReconcilePorts): Promise<Reconciled> {
  const intents = await finishIntents(ports);
  const runs = await sendWaitingRuns(ports);
  let [jobs, schedules] = [0, 0];
  let after: JobId | undefined;
  do {
    const page = await ports.jobs.list({ after, limit: PAGE });
    const restored = await each(page.jobs, async ({ id }) => restore(ports, await ports.jobs.get(id)));
    jobs += page.jobs.length;
    schedules += restored.filter(Boolean).length;
    after = page.more ? page.jobs.at(-1)?.id : undefined;
  } while (after !== undefined);
  return { intents, runs, jobs, schedules };
}

async function finishIntents(ports: ReconcilePorts): Promise<number> {
  const pending = await ports.jobs.pending(ports.clock.now(), PAGE);
  await each(pending, async ({ id }) => {
    const job = await ports.jobs.get(id);
    if (job) await project(ports, job);
  });
  return pending.length;
}

/** A run is stored before its message is sent, so a message that was lost can be sent again; the claim drops a double. */
async function sendWaitingRuns({ clock, runs, queue }: ReconcilePorts): Promise<number> {
  const waiting = await runs.waiting(clock.now(), PAGE);
  await each(waiting, ({ jobId, jobUid, runId }) => queue.send({ kind: 'run', jobId, jobUid, runId }, 0));
  return waiting.length;
}

/** Makes the schedule of a job that lacks it; nothing past is made again. */
async function restore(ports: ReconcilePorts, job: Job | undefined): Promise<boolean> {
  if (!job || job.intent !== null) return false;
  const now = ports.clock.now();
  const timing = timingOf(job);
  if (nextOccurrence(timing, now) === undefined || (await ports.engine.has(scheduleName(job)))) return false;
  const reopened = { ...job, intent: 'apply', firstTick: firstTickOf(timing, now) } as const;
  if ((await ports.jobs.reopen(reopened, now)) === 'reopened') await project(ports, reopened);
  return true;
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += WIDTH) results.push(...(await Promise.all(items.slice(from, from + WIDTH).map(work))));
  return results;
}
