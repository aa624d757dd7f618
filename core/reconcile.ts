import type { JobId } from './ids.ts';
import type { Job } from './job/job.ts';
import { type ProjectPorts, project } from './job/project.ts';
import { scheduleName } from './job/render.ts';
import { AT_GRACE, firstTickOf, timingOf } from './job/timing.ts';
import type { RunStore } from './ports.ts';
import { nextOccurrence } from './schedule/occurrences.ts';

export interface ReconcilePorts extends ProjectPorts {
  readonly runs: RunStore;
}

export interface ReconcileRequest {
  /** Leave alone what changed since: whoever changed it may still be at it. In milliseconds. */
  readonly settledForMs: number;
  /** Look at every job, not only at those that are known to need it. */
  readonly walk: boolean;
}

/** How many of each were put right, and how many were left for the next pass because something failed. */
export interface Reconciled {
  readonly intents: number;
  readonly runs: number;
  readonly schedules: number;
  readonly failed: number;
}

/** What a pass does with one of its items: whether there was something to put right. */
type Work<T> = (item: T) => Promise<boolean>;

const PAGE = 100;
/** Bounds a pass even if what is done never leaves the index. */
const MAX_PAGES = 200;
/** Waiting runs stay in the index until they start, so they are read at once and not page by page. */
const MAX_WAITING = 10_000;
/** Requests under way at once. */
const WIDTH = 16;

/** Brings EventBridge in line with the table: finishes intents, sends waiting runs again, makes schedules that are gone. */
export async function reconcile(ports: ReconcilePorts, { settledForMs, walk }: ReconcileRequest): Promise<Reconciled> {
  const { jobs, runs, queue, clock } = ports;
  const before = clock.now() - settledForMs;
  let failed = 0;
  const each = async <T>(items: readonly T[], work: Work<T>): Promise<number> => {
    let done = 0;
    for (let from = 0; from < items.length; from += WIDTH) {
      const results = await Promise.allSettled(items.slice(from, from + WIDTH).map(work));
      failed += results.filter(({ status }) => status === 'rejected').length;
      done += results.filter((result) => result.status === 'fulfilled' && result.value).length;
    }
    return done;
  };
  /** Takes page after page of work that disappears when it is done; stops when a page brings nothing forward. */
  const drain = async <T>(page: () => Promise<readonly T[]>, work: Work<T>): Promise<number> => {
    let total = 0;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const items = await page();
      const done = await each(items, work);
      total += done;
      if (done === 0 || items.length < PAGE) break;
    }
    return total;
  };

  const intents = await drain(
    () => jobs.pending(before, PAGE),
    async ({ id }) => finishIntent(ports, await jobs.get(id)),
  );
  // A run is stored before its message is sent, so one that was lost is sent again; the start drops a double.
  const sent = await each(await runs.waiting(before, MAX_WAITING), async ({ jobId, jobUid, runId }) => {
    await queue.send({ kind: 'run', jobId, jobUid, runId }, 0);
    return true;
  });
  let schedules = 0;
  for (let after: JobId | undefined, more = walk; more; ) {
    const page = await jobs.list({ after, limit: PAGE });
    schedules += await each(page.jobs, async ({ id }) => restore(ports, await jobs.get(id)));
    after = page.jobs.at(-1)?.id;
    more = page.more;
  }
  return { intents, runs: sent, schedules, failed };
}

/** Carries out what was committed; an `at` that is over by now is not made to fire. */
async function finishIntent(ports: ReconcilePorts, job: Job | undefined): Promise<boolean> {
  if (!job || job.intent === null) return true;
  if (job.intent === 'delete') return (await project(ports, job)).intent === null;
  if (nextOccurrence(timingOf(job), ports.clock.now() - AT_GRACE) === undefined) {
    await ports.jobs.settle(job, null);
    return true;
  }
  return remake(ports, job);
}

/** Makes the schedule of a job that lacks it; nothing past is made again. */
async function restore(ports: ReconcilePorts, job: Job | undefined): Promise<boolean> {
  if (!job || job.intent !== null || nextOccurrence(timingOf(job), ports.clock.now()) === undefined) return false;
  return (await ports.engine.has(scheduleName(job))) ? false : remake(ports, job);
}

/** Commits a new first tick, since EventBridge takes none that is five minutes old, and then makes the schedule. */
async function remake(ports: ReconcilePorts, job: Job): Promise<boolean> {
  const now = ports.clock.now();
  const reopened = { ...job, intent: 'apply', firstTick: firstTickOf(timingOf(job), now) } as const;
  if ((await ports.jobs.reopen(reopened, now)) === 'stale') return false;
  return (await project(ports, reopened)).intent === null;
}
