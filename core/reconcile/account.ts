import { timingOf } from '../job/timing.ts';
import type { ListedJob, Walk } from '../ports.ts';
import { expire, isExpired } from '../run/conclude.ts';
import { areAnswered, CHUNK, type Span, settleGaps } from '../run/gaps.ts';
import { LONGEST_LEASE } from '../run/look-back.ts';
import { MAX_DELAY_SECONDS } from '../run/message.ts';
import { policiesByManifest } from '../run/policies-of.ts';
import type { RunningRun } from '../run/run.ts';
import { occurrencesBetween } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { zoneNamed } from '../schedule/zone.ts';
import type { ReconcileRequest } from './reconcile.ts';
import type { ReconcilePorts, RunningTally } from './tally.ts';

/** How many starts a walk has sent for so far. */
export interface Starts {
  sent: number;
}

/** Starts a second when many occurrences are caught up with. */
const CATCH_UP_PACE = 20;
/** Runs of what was due as long ago as a lease may last are looked at as well: of a job that was left open, and where records are read strongly. */
const LOOK_BACK = LONGEST_LEASE + 600_000;
/** Of a job whose executions are all gone, so many of the newest runs are looked at. */
const NEWEST = 100;

/** Due times of a job in a span, at most so many, as far as a row of the list tells; undefined if it was changed since the span began. */
function listedDue(job: ListedJob, { from, to }: Span, limit: number): Instant[] | undefined {
  // Its runs are those of another machine's tz data; here nobody can say when it was due.
  if (!zoneNamed(job.timezone)) return [];
  if (job.timingFrom > from && job.rev > 1) return undefined;
  return job.paused ? [] : occurrencesBetween(timingOf(job), Math.max(from, job.timingFrom), to, limit);
}

/**
 * Sees to it that what a job was due since the walk before has its answer, and that nothing counts as running that is gone.
 * Returns `over` when nothing of it needs another look as far as is known; else the next walk looks at the job again, as one that was left open.
 */
export async function account(
  ports: ReconcilePorts,
  listed: ListedJob,
  walk: Pick<Walk, 'from' | 'to'> & { readonly wasOpen: boolean },
  { restarted }: ReconcileRequest,
  done: RunningTally,
  starts: Starts,
): Promise<'over' | 'open'> {
  const runningSince = walk.from - LOOK_BACK;
  const due = listedDue(listed, { from: walk.wasOpen || restarted ? runningSince : walk.from, to: walk.to }, restarted ? 1 : CHUNK);
  const isKnown = due !== undefined && due.length < CHUNK;
  // Nearly always so; what a read that lags has not seen yet is read once more.
  if (!restarted && isKnown && (await areAnswered(ports.runs, listed.uid, due))) return 'over';
  const job = await ports.jobs.get(listed.id);
  if (!job || job.uid !== listed.uid || job.intent === 'delete') return 'over';
  const policiesOf = policiesByManifest(ports.catalog);
  const end = async (run: RunningRun) => {
    if (isExpired(run, ports) && (await expire(ports, policiesOf, job, run))) done.crashes += 1;
  };
  if (restarted) {
    const { runs } = await ports.runs.list(job.uid, { limit: NEWEST });
    for (const run of runs) if (run.state === 'running') await end(run);
  }
  if (due?.length === 0) return 'over';
  const gaps = await settleGaps(ports, job, { ...walk, runningSince }, await policiesOf(job), () => delayOf(starts));
  for (const run of gaps.running) await end(run);
  done.gaps += gaps.toRun.length + gaps.missed.reduce((sum, { count }) => sum + count, 0);
  return 'open';
}

/** How long the next start has to wait; rejects when the queue cannot delay it for so long, so that a later walk finds it again. */
function delayOf(starts: Starts): number {
  const seconds = Math.floor(starts.sent / CATCH_UP_PACE);
  if (seconds > MAX_DELAY_SECONDS) throw new Error('there is more to catch up with than one walk may send for');
  starts.sent += 1;
  return seconds;
}
