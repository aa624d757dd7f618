import { closeGaps, findGaps, hadDue, type Span } from './account.ts';
import type { JobId } from './ids.ts';
import { firstTickOf } from './job/first-ticks.ts';
import type { Job } from './job/job.ts';
import { type ProjectPorts, project } from './job/project.ts';
import { scheduleName } from './job/render.ts';
import { AT_GRACE, timingOf } from './job/timing.ts';
import type { ListedJob, ModuleCatalog, RunStore } from './ports.ts';
import { MAX_DELAY_SECONDS } from './run/message.ts';
import { nextOccurrence } from './schedule/occurrences.ts';

export interface ReconcilePorts extends ProjectPorts {
  readonly runs: RunStore;
  readonly catalog: Pick<ModuleCatalog, 'find'>;
}

export interface ReconcileRequest {
  /** Leave alone what changed since: whoever changed it may still be at it. In milliseconds. */
  readonly settledForMs: number;
  /** Walk all jobs: find due times that have no record, and ... */
  readonly account: boolean;
  /** ... schedules that are gone. */
  readonly restore: boolean;
}

/** How many of each were put right, and how many were left for the next pass because something failed. */
export interface Reconciled {
  readonly intents: number;
  readonly runs: number;
  readonly schedules: number;
  /** Due times without a record, that were sent to be run or recorded as missed. */
  readonly gaps: number;
  readonly failed: number;
}

/** What a pass does with one of its items: how much there was to put right. */
type Work<T> = (item: T) => Promise<number>;

const PAGE = 100;
/** Bounds a pass even if what is done never leaves the index. */
const MAX_PAGES = 200;
/** Waiting runs stay in the index until they start, so they are read at once and not page by page. */
const MAX_WAITING = 10_000;
/** Requests under way at once. */
const WIDTH = 16;
/** Starts a second when many occurrences are caught up with. */
const CATCH_UP_PACE = 20;

/** Brings EventBridge in line with the table, and sees to it that every due time has its answer. */
export async function reconcile(ports: ReconcilePorts, request: ReconcileRequest): Promise<Reconciled> {
  const { jobs, runs, queue, clock } = ports;
  const before = clock.now() - request.settledForMs;
  let failed = 0;
  const each = async <T>(items: readonly T[], work: Work<T>): Promise<number> => {
    let done = 0;
    for (let from = 0; from < items.length; from += WIDTH) {
      const results = await Promise.allSettled(items.slice(from, from + WIDTH).map(work));
      failed += results.filter(({ status }) => status === 'rejected').length;
      for (const result of results) done += result.status === 'fulfilled' ? result.value : 0;
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
  const walk = async (work: Work<ListedJob>): Promise<number> => {
    let done = 0;
    for (let after: JobId | undefined, more = true; more; ) {
      const page = await jobs.list({ after, limit: PAGE });
      done += await each(page.jobs, work);
      after = page.jobs.at(-1)?.id;
      more = page.more;
    }
    return done;
  };

  const intents = await drain(
    () => jobs.pending(before, PAGE),
    async ({ id }) => Number(await finishIntent(ports, await jobs.get(id))),
  );
  // A run is stored before its message is sent, so one that was lost is sent again; the start drops a double.
  const sent = await each(await runs.waiting(before, MAX_WAITING), async ({ jobId, jobUid, runId }) => {
    await queue.send([{ message: { kind: 'run', jobId, jobUid, runId }, delaySeconds: 0 }]);
    return 1;
  });
  const schedules = request.restore ? await walk(async ({ id }) => Number(await restore(ports, await jobs.get(id)))) : 0;
  // Up to now, not to when the pass began: what fell due while schedules were made again is nobody else's to find.
  const gaps = request.account ? await accountAll(ports, walk, clock.now() - request.settledForMs, () => failed) : 0;
  return { intents, runs: sent, schedules, gaps, failed };
}

/** Records are kept for 30 days: before that nobody can tell what was answered. */
const LONGEST_SPAN = 30 * 86_400_000;

/** Accounts for the time since the last account; if anything failed, the next one covers it again. */
async function accountAll(
  ports: ReconcilePorts,
  walk: (work: Work<ListedJob>) => Promise<number>,
  to: number,
  failures: () => number,
): Promise<number> {
  const accountedTo = await ports.runs.accountedTo();
  const from = accountedTo && Math.max(accountedTo, to - LONGEST_SPAN);
  const failedBefore = failures();
  let toRun = 0;
  const account = async (span: Span) =>
    walk(async (listed) => {
      const job = hadDue(listed, span) ? await ports.jobs.get(listed.id) : undefined;
      if (!job) return 0;
      const now = ports.clock.now();
      const gaps = await findGaps(ports, job, span, now);
      toRun += gaps.toRun.length;
      await closeGaps(ports, job, gaps, now, Math.min(MAX_DELAY_SECONDS, Math.floor(toRun / CATCH_UP_PACE)));
      return gaps.toRun.length + gaps.missed.reduce((sum, { count }) => sum + count, 0);
    });
  const gaps = from === undefined ? 0 : await account({ from, to });
  if (failures() === failedBefore) await ports.runs.setAccountedTo(to);
  return gaps;
}

/** Carries out what was committed; an `at` that is over by now is not made to fire. */
async function finishIntent(ports: ReconcilePorts, job: Job | undefined): Promise<boolean> {
  if (!job || job.intent === null) return true;
  if (job.intent === 'delete') return (await project(ports, job)).intent === null;
  if (!job.paused && nextOccurrence(timingOf(job), ports.clock.now() - AT_GRACE) === undefined) {
    // What EventBridge holds may be of a time when there were due times to come.
    if ((await ports.engine.remove(scheduleName(job))).is === 'retry') return false;
    await ports.jobs.settle(job, null);
    return true;
  }
  return remake(ports, job);
}

/** Makes the schedule of a job that lacks it; nothing past is made again. */
async function restore(ports: ReconcilePorts, job: Job | undefined): Promise<boolean> {
  if (!job || job.intent !== null || job.paused) return false;
  if (nextOccurrence(timingOf(job), ports.clock.now()) === undefined) return false;
  return (await ports.engine.has(scheduleName(job))) ? false : remake(ports, job);
}

/** Commits a new first tick, since EventBridge takes none that is five minutes old, and then makes the schedule. */
async function remake(ports: ReconcilePorts, job: Job): Promise<boolean> {
  const now = ports.clock.now();
  const firstTick = job.paused ? null : firstTickOf(timingOf(job), now);
  const reopened = { ...job, intent: 'apply', firstTick } as const;
  if ((await ports.jobs.reopen(reopened, now)) === 'stale') return false;
  return (await project(ports, reopened)).intent === null;
}
