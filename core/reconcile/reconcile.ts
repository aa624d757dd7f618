import { base32, SUFFIX_BYTES } from '../ids.ts';
import type { Job } from '../job/job.ts';
import { project } from '../job/project.ts';
import { scheduleName } from '../job/render.ts';
import { AT_GRACE, timingOf } from '../job/timing.ts';
import type { Checkpoint } from '../ports.ts';
import { sendStart } from '../run/conclude.ts';
import { nextOccurrence } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { autoPause } from './auto-pause.ts';
import { remake } from './compare.ts';
import { endIfDead } from './end-dead.ts';
import { type ReconcilePorts, type Tally, tally } from './tally.ts';
import { goOnWalking } from './walk.ts';

export interface ReconcileRequest {
  /** Leave alone what changed since: whoever changed it may still be at it. In milliseconds. */
  readonly settledForMs: number;
  /** A local host starts anew: its queue has forgotten what it held, and maybe EventBridge its schedules, too. */
  readonly restarted: boolean;
  /** Begin a walk that asks EventBridge what it has, though an hour has not passed since the last one. */
  readonly compare: boolean;
  /** When to stop and leave the rest to the next pass. */
  readonly deadline: Instant;
}

/** How many of each were put right, and how many were left for the next pass because something failed. */
export interface Reconciled extends Tally {
  readonly walk: 'done' | 'interrupted' | 'elsewhere';
}

const PAGE = 100;
/** Bounds a pass even if what is done never leaves the index. */
const MAX_PAGES = 200;
/** Waiting runs stay in the index until they start, so they are read at once and not page by page. */
const MAX_WAITING = 10_000;

/** Brings EventBridge in line with the table, and sees to it that every due time has its answer. */
export async function reconcile(ports: ReconcilePorts, request: ReconcileRequest): Promise<Reconciled> {
  const { jobs, runs, clock } = ports;
  const before = clock.now() - request.settledForMs;
  const done = tally();

  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const pending = await jobs.pending(before, PAGE);
    const finished = done.intents;
    await done.each(pending, async ({ id }) => {
      if (await finishIntent(ports, await jobs.get(id))) done.intents += 1;
    });
    // A page that brings nothing forward is left for the next pass.
    if (done.intents === finished || pending.length < PAGE) break;
  }
  // A run is stored before its message is sent, so one that was lost is sent again, and the start drops a double. One that was started and
  // whose message is lost, too, is ended here if its process is gone.
  await done.each(await runs.waiting(before, MAX_WAITING), async ({ jobUid, runId }) => {
    const run = await runs.get(jobUid, runId);
    if (run?.state === 'running' && (await endIfDead(ports, run))) done.crashes += 1;
    if (run?.state !== 'waiting') return;
    await sendStart(ports, run);
    done.starts += 1;
  });

  const owner = base32(ports.random.bytes(SUFFIX_BYTES));
  // A pass that was under way when the host was stopped is as dead as everything else of it.
  const now = request.restarted ? Number.MAX_SAFE_INTEGER : clock.now();
  const checkpoint = await ports.checkpoints.take(owner, now, request.deadline + LEASE_MARGIN);
  if (!checkpoint) return { ...done.counts(), walk: 'elsewhere' };
  try {
    const failuresTo = await autoPause(ports, checkpoint.failuresTo, done);
    const save = async (walked: Checkpoint) => {
      if ((await ports.checkpoints.save(owner, walked)) === 'lost') throw new Error('another pass has taken over');
    };
    const walk = await goOnWalking(ports, request, { ...checkpoint, failuresTo }, done, save);
    return { ...done.counts(), walk };
  } finally {
    await ports.checkpoints.giveBack(owner).catch(() => undefined);
  }
}

/** Whoever is stopped at its deadline has ended by then. */
const LEASE_MARGIN = 60_000;

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
