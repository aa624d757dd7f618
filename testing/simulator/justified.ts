import type { Job } from '../../core/job/job.ts';
import { effectivePolicies, milliseconds } from '../../core/job/policies.ts';
import { LATE_AFTER } from '../../core/run/lateness.ts';
import type { Run } from '../../core/run/run.ts';
import type { Instant } from '../../core/schedule/schedule.ts';

const SECOND = 1_000;
/** Clocks may be a second off, each its own way. */
const OFF = 3 * SECOND;
/** What was read may be so old when what follows from it is written: each call takes up to twelve seconds. */
const STALE = 60 * SECOND;

/** From when to when a stage was held; null = it is. */
export interface Held {
  readonly from: Instant;
  to: Instant | null;
}

/** What is known of a job when one of its runs is written. */
export interface Known {
  readonly versions: readonly Job[];
  readonly holds: readonly Held[];
  /** The job's runs, as they were last written. */
  readonly runs: () => readonly Run[];
  readonly now: Instant;
}

/** Why what was written of a run has no good reason, if it has none: an answer alone is not enough, it has to be the right one. */
export function unjustified(call: string, before: Run | undefined, run: Run, known: Known): readonly [string, string] | undefined {
  if (call === 'claim' || call === 'start') return wronglyStarted(call, run, known);
  if (before?.state === 'running' && before.cancelledAt !== null && before.cancelledAt < known.now - STALE && run.state === 'failed')
    return run.reason === 'crashed' ? ['S4', 'it was cancelled, and ends as crashed'] : undefined;
  if (run.state === 'missed') return wronglyMissed(run.endedAt - run.missed.to, run.endedAt - run.missed.from, known);
  if (run.state !== 'skipped') return undefined;
  switch (run.reason) {
    case 'paused':
      return known.versions.some(({ paused }) => paused) ? undefined : ['L2', 'it is skipped, and the job was never paused'];
    case 'held':
      return isHeld(known, run.endedAt, -STALE) ? undefined : ['L2', 'it is skipped, and the stage was not held'];
    case 'overlap':
      return wronglySkipped(run, known);
    default:
      return undefined;
  }
}

function wronglyStarted(call: string, run: Run, known: Known): readonly [string, string] | undefined {
  if (run.state !== 'running') return undefined;
  if (isHeld(known, run.startedAt, STALE)) return ['hold', 'it was started though the stage is held'];
  if (call !== 'claim') return undefined;
  const age = run.startedAt - run.dueAt;
  if (run.late && age < LATE_AFTER - OFF) return ['L2', `it is late after ${age} ms`];
  const catchUps = known.versions.map((job) => effectivePolicies(job.policies, undefined).catchUp);
  const mayCatchUp = ({ run, within }: (typeof catchUps)[number]) => run !== 'none' && age <= milliseconds(within) + STALE;
  if (run.late && !catchUps.some(mayCatchUp)) return ['L2', `it is run after ${age} ms, and catchUp has it missed`];
  return !run.late && age > LATE_AFTER + STALE ? ['L2', `it is not late after ${age} ms`] : undefined;
}

function wronglyMissed(age: number, oldest: number, { versions }: Known): readonly [string, string] | undefined {
  if (age < LATE_AFTER - OFF) return ['L2', `it is missed after ${age} ms`];
  const policies = versions.map((job) => effectivePolicies(job.policies, undefined).catchUp);
  const isWanted = policies.every(({ run, within }) => run === 'all' && oldest < milliseconds(within) - OFF);
  return isWanted ? ['L2', `it is missed after ${oldest} ms, and all are to be run`] : undefined;
}

function wronglySkipped({ runId }: Run, { versions, runs, now }: Known): readonly [string, string] | undefined {
  if (versions.every((job) => effectivePolicies(job.policies, undefined).overlap === 'allow'))
    return ['S5', 'it is skipped, and may overlap'];
  const wasUnderWay = (run: Run) => run.runId !== runId && (!('endedAt' in run) || run.endedAt > now - STALE);
  return runs().some(wasUnderWay) ? undefined : ['L2', 'it is skipped, and no other run was under way'];
}

/** Whether a stage was held at an instant, by a margin: of how it was a moment ago nobody is sure. */
function isHeld({ holds }: Known, at: Instant, margin: number): boolean {
  return holds.some(({ from, to }) => at >= from + margin && at <= (to ?? Number.POSITIVE_INFINITY) - margin);
}
