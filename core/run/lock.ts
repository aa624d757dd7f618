import type { RunId } from '../ids.ts';
import type { Job } from '../job/job.ts';
import type { ModuleLoader } from '../ports.ts';
import { type ConcludePorts, expire, isExpired } from './conclude.ts';
import { policiesByModule } from './policies-of.ts';
import { isEnded, type RunningRun } from './run.ts';

/** Others may take the lock in between; then it is looked at anew. */
const MAX_RACES = 5;

/**
 * Takes a job's lock for a run (overlap `skip`).
 *
 * A lock has no time of its own: it belongs to a run, and is taken over when that run has ended or its lease is over.
 */
export async function takeLock(
  ports: ConcludePorts & { readonly modules: ModuleLoader },
  job: Job,
  run: RunningRun,
): Promise<{ readonly is: 'taken' } | { readonly is: 'held'; readonly by: RunId }> {
  let held = await ports.runs.lock(run);
  for (let races = 0; races < MAX_RACES && held !== 'locked'; races++) {
    if (!(await isOver(ports, job, held.holder))) return { is: 'held', by: held.holder };
    if ((await ports.runs.takeLock(run, held.holder)) === 'locked') return { is: 'taken' };
    held = await ports.runs.lock(run);
  }
  return held === 'locked' ? { is: 'taken' } : { is: 'held', by: held.holder };
}

async function isOver(ports: ConcludePorts & { readonly modules: ModuleLoader }, job: Job, holder: RunId): Promise<boolean> {
  const run = await ports.runs.get(job.uid, holder);
  if (!run || isEnded(run)) return true;
  if (run.state === 'waiting' || !isExpired(run, ports)) return false;
  const ended = await expire(ports, policiesByModule(ports.modules), job, run);
  return ended !== undefined && ended.state !== 'waiting';
}
