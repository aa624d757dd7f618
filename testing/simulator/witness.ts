import type { JobId } from '../../core/ids.ts';
import { isEnded } from '../../core/run/run.ts';
import type { Ledger } from './ledger.ts';
import { type Check, IDS } from './operations.ts';
import type { SimulatedStage } from './stage.ts';

/**
 * Notes what the table has of jobs and runs, where the writes themselves cannot be watched: S3 and S4 from one look to the next.
 *
 * A job of which a revision was not seen is not held to its due times.
 */
export async function readTable({ services }: SimulatedStage, ledger: Ledger): Promise<void> {
  for (const id of IDS as readonly string[] as readonly JobId[]) {
    const job = await services.jobs.get(id);
    const before = ledger.current.get(id);
    if (!job) {
      ledger.current.delete(id);
      continue;
    }
    if (before?.uid === job.uid && job.rev < before.rev) ledger.violate('S3', `${id} went back from rev ${before.rev} to ${job.rev}`);
    if (before?.uid !== job.uid || before.rev < job.rev) ledger.version(job);
    ledger.current.set(id, job);
  }
  for (const uid of ledger.versions.keys()) {
    for (const run of (await services.runs.list(uid, { limit: 1_000, consistent: true })).runs) {
      const key = `${uid} ${run.runId}`;
      const before = ledger.runs.get(key);
      if (before && isEnded(before) && JSON.stringify(before) !== JSON.stringify(run)) ledger.violate('S4', `${key} changed after its end`);
      ledger.runs.set(key, run);
    }
  }
  for (const effect of ledger.effects) ledger.count(effect);
}

/** S3, by what the table has right after the answer. */
export const checkByReading: Check = async ({ services }, ledger, name, operation, { json }) => {
  const job = await services.jobs.get(operation.id as string as JobId);
  const isStored = await (async () => {
    switch (operation.is) {
      case 'run':
      case 'retry':
        return job && (await services.runs.get(job.uid, json.runId)) !== undefined;
      case 'delete':
        return !job || job.intent === 'delete';
      case 'cancel':
        return true;
      default:
        return job && job.rev >= json.rev;
    }
  })();
  if (!isStored) ledger.violate('S3', `${name} (${operation.is}) was acknowledged and is not stored`);
};
