import { instantOf, runIdOf } from '../ids.ts';
import { dueTimes } from '../job/due-times.ts';
import type { Instant } from '../schedule/schedule.ts';
import { isThere } from './accept.ts';
import { expire, isExpired } from './conclude.ts';
import type { RunnerPorts } from './execute.ts';
import { settleGaps } from './gaps.ts';
import { policiesByModule } from './lock.ts';
import type { Tick } from './message.ts';

/** No lease lasts longer: Lambda's 15 minutes, the lease's margin, and the skew of two clocks. */
export const LONGEST_LEASE = 16 * 60_000;

/**
 * What every tick does for its job's past: looks at the newest run that no lease can cover any more.
 *
 * If that is still running its process is gone; if due times after it have no record, they did not arrive.
 */
export async function lookBack(ports: RunnerPorts, tick: Tick): Promise<void> {
  const now = ports.clock.now();
  const cutoff: Instant = Math.min(now, tick.dueAt) - LONGEST_LEASE;
  const newest = await ports.runs.lastBefore(tick.jobUid, runIdOf(cutoff));
  if (newest?.trigger !== 'schedule') return;
  const from = instantOf(newest.runId);
  const isStuck = newest.state === 'running' && isExpired(newest, now);
  const job = await ports.jobs.get(tick.jobId);
  if (!isThere(job, tick.jobUid)) return;
  const policiesOf = policiesByModule(ports.modules);
  if (isStuck) await expire({ ...ports, policiesOf }, job, newest);
  if (dueTimes(job, from, cutoff, 1).length === 0) return;
  await settleGaps(ports, job, { from, to: cutoff }, await policiesOf(job));
}
