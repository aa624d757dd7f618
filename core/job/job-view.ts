import { CODE_SET } from '../contract/bodies.ts';
import { isoInstant, isoInstantOrNull } from '../contract/instant.ts';
import type { ListedJob, ModuleManifest } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { runSummary } from '../run/run-view.ts';
import { clockChangeNotes } from '../schedule/clock-changes.ts';
import { compile } from '../schedule/compile.ts';
import { describe } from '../schedule/describe.ts';
import { nextOccurrences, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { checkInput } from './check-input.ts';
import { costForecast } from './cost.ts';
import type { Job } from './job.ts';
import { stateOf } from './list-jobs.ts';
import { effectivePolicies } from './policies.ts';
import { masked } from './secrets.ts';
import { timingOf } from './timing.ts';

/** How many due times a job is shown with. */
export const NEXT_RUNS = { default: 5, max: 100 };

export type JobView = Awaited<ReturnType<typeof jobView>>;

/** A job as GET /v1/jobs/{id} shows it. */
export async function jobView(
  job: Job,
  module: ModuleManifest | undefined,
  lastRun: Run | null,
  now: Instant,
  count: number | undefined = NEXT_RUNS.default,
) {
  const timing = timingOf(job);
  const nextRuns = nextRunsOf(job, timing, now, count);
  const mismatch = await mismatchOf(job, module);
  const policies = effectivePolicies(job.policies, module?.policies);
  return {
    ...members(job, timing, nextRuns[0], problemOf(job, mismatch)),
    nextRuns,
    /** The next change of clocks that changes a run. */
    notes: job.paused ? [] : clockChangeNotes(timing, now),
    lastRun: lastRun && runSummary(lastRun),
    input: masked(job.input, module?.input ?? null) ?? null,
    policies,
    cost: costForecast(timing, policies, lastRun?.state === 'succeeded' ? lastRun.endedAt - lastRun.startedAt : undefined, now),
    updatedBy: job.changes.at(-1)?.by ?? null,
    /** The newest first. */
    changes: job.changes.toReversed().map((change) => ({ ...change, at: isoInstant(change.at) })),
    /** What there is to mend; why EventBridge would not take the schedule, in its words. */
    problemDetail: job.rejection ?? mismatch?.detail ?? null,
  };
}

/** What keeps a job from running as it should. */
export type JobProblem = 'notApplied' | 'unknownModule' | 'invalidInput' | null;

/** Why a job and its module do not fit together. */
interface Mismatch {
  readonly problem: JobProblem;
  readonly detail: string;
}

/** A module may have gone, or changed what input it takes, since the job was stored. */
async function mismatchOf(job: Job, module: ModuleManifest | undefined): Promise<Mismatch | null> {
  if (!module) return { problem: 'unknownModule', detail: `The module "${job.module}" is not in this deployment.` };
  const input = await checkInput(job.input, module, '/input');
  return input.ok ? null : { problem: 'invalidInput', detail: input.refusal.detail };
}

function problemOf(job: Job, mismatch: Mismatch | null): JobProblem {
  return job.intent !== null || job.rejection !== null ? 'notApplied' : (mismatch?.problem ?? null);
}

/** A job as a row of GET /v1/jobs shows it; whether its input still fits is not looked at. */
export function jobRow(job: ListedJob, hasModule: boolean, newestRuns: readonly Run[] | undefined, now: Instant) {
  const timing = timingOf(job);
  const [nextRun] = nextRunsOf(job, timing, now, 1);
  const problem = job.rejection !== null ? 'notApplied' : hasModule ? null : 'unknownModule';
  return { ...members(job, timing, nextRun, problem), ...(newestRuns && outcomesOf(newestRuns)) };
}

/** The last run, and how the newest ones ended, the newest first. */
function outcomesOf(newest: readonly Run[]) {
  const [last] = newest;
  const outcome = (run: Run) => ({ runId: run.runId, state: run.state, ...('reason' in run && { reason: run.reason }) });
  return { lastRun: last ? runSummary(last) : null, outcomes: newest.map(outcome) };
}

/** A paused job has no due times. */
function nextRunsOf({ paused }: ListedJob, timing: Timing, now: Instant, count: number): string[] {
  return paused ? [] : nextOccurrences(timing, now, count).map(isoInstant);
}

function members(job: ListedJob, timing: Timing, nextRun: string | undefined, problem: JobProblem) {
  return {
    id: job.id,
    module: job.module,
    problem,
    state: stateOf(job, nextRun),
    source: job.set === CODE_SET ? 'code' : 'api',
    set: job.set,
    rev: job.rev,
    schedule: job.schedule,
    timezone: job.timezone,
    start: isoInstantOrNull(job.start),
    end: isoInstantOrNull(job.end),
    expression: compile(timing).expression,
    runFrequency: describe(timing),
    nextRun: nextRun ?? null,
    description: job.description,
    tags: job.tags,
    paused: job.paused && { ...job.paused, at: isoInstant(job.paused.at) },
    createdAt: isoInstant(job.createdAt),
    updatedAt: isoInstant(job.updatedAt),
  };
}
