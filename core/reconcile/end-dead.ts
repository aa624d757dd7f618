import { isThere } from '../run/accept.ts';
import { expire, isExpired } from '../run/conclude.ts';
import { policiesByManifest } from '../run/policies-of.ts';
import type { RunningRun } from '../run/run.ts';
import type { ReconcilePorts } from './tally.ts';

/** Ends a run that is under way if its process is gone, whatever has become of its job; whether it did. */
export async function endIfDead(ports: ReconcilePorts, run: RunningRun): Promise<boolean> {
  if (!isExpired(run, ports)) return false;
  const job = await ports.jobs.get(run.jobId);
  return (await expire(ports, policiesByManifest(ports.catalog), isThere(job, run.jobUid) ? job : undefined, run)) !== undefined;
}
