import { pauseJob } from '../job/pause-job.ts';
import type { RunRef } from '../ports.ts';
import { policiesByManifest } from '../run/policies-of.ts';
import { isFinished } from '../run/run.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { ReconcilePorts, RunningTally } from './tally.ts';

/** Failures looked at in one pass; the next one goes on. */
const MOST = 1_000;
/** The index may show a failure this much after it was recorded. */
const LAG = 60_000;
/** Skipped and missed runs lie between the executed ones, which alone count. */
const BETWEEN = 100;

/** Pauses the jobs that failed too often in a row since an instant; returns up to when failures were looked at. */
export async function autoPause(ports: ReconcilePorts, since: Instant | null, done: RunningTally): Promise<Instant | null> {
  const now = ports.clock.now();
  const failed = await ports.runs.failed(since ?? 0, MOST);
  const byJob = new Map(failed.map((ref) => [ref.jobUid, ref]));
  const failedBefore = done.failed;
  await done.each([...byJob.values()], async (ref) => {
    if (await pauseIfFailing(ports, ref)) done.paused += 1;
  });
  if (done.failed > failedBefore) return since;
  return failed.length === MOST ? (failed.at(-1)?.at ?? since) : now - LAG;
}

async function pauseIfFailing(ports: ReconcilePorts, { jobId, jobUid }: RunRef): Promise<boolean> {
  const job = await ports.jobs.get(jobId);
  if (!job || job.uid !== jobUid || job.paused || job.intent === 'delete') return false;
  const { autoPause: most } = await policiesByManifest(ports.catalog)(job);
  if (most === 'off') return false;
  const { runs } = await ports.runs.list(jobUid, { limit: most + BETWEEN });
  // Whoever resumed the job knows of the failures before.
  const executed = runs.filter((run) => isFinished(run) && run.state !== 'skipped' && run.endedAt > job.timingFrom).slice(0, most);
  if (executed.length < most || executed.some(({ state }) => state !== 'failed' && state !== 'timedOut')) return false;
  const reason = `The last ${most} runs failed, the newest is ${executed[0]?.runId}.`;
  return (await pauseJob(ports, jobId, { by: 'autoPause', reason }, [job.rev])).ok;
}
