import { instantOf, runIdOf } from '../ids.ts';
import { dueTimes } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import type { Instant } from '../schedule/schedule.ts';
import { expire, isExpired } from './conclude.ts';
import type { RunnerPorts } from './execute.ts';
import { settleGaps } from './gaps.ts';
import { policiesByModule } from './policies-of.ts';
import type { Tick } from './received.ts';
import type { Run } from './run.ts';

/** No lease lasts longer: Lambda's 15 minutes, the lease's margin, and the skew of two clocks. */
export const LONGEST_LEASE = 16 * 60_000;

/** The newest run of a tick's job that no lease can cover any more; undefined when it cannot be told now. */
export function newestOver({ runs, clock }: RunnerPorts, tick: Tick): Promise<Run | undefined> {
  return runs.lastBefore(tick.jobUid, runIdOf(cutoff(tick, clock.now()))).catch(() => undefined);
}

/**
 * What a tick does for the past of its job, as far as that run tells: if it is still running its process is gone, and due times
 * after it without a record did not arrive. What fails here is found again by the reconciler's walk.
 */
export async function lookBack(ports: RunnerPorts, job: Job, tick: Tick, newest: Run | undefined): Promise<void> {
  if (newest?.trigger !== 'schedule') return;
  const now = ports.clock.now();
  const policiesOf = policiesByModule(ports.modules);
  if (newest.state === 'running' && isExpired(newest, ports)) {
    const current = await ports.runs.get(newest.jobUid, newest.runId);
    if (current?.state === 'running') await expire(ports, policiesOf, job, current);
  }
  const span = { from: instantOf(newest.runId), to: cutoff(tick, now) };
  if (dueTimes(job, span.from, span.to, 1).length > 0) await settleGaps(ports, job, span, await policiesOf(job));
}

function cutoff(tick: Tick, now: Instant): Instant {
  return Math.min(now, tick.dueAt) - LONGEST_LEASE;
}
