import { isoInstant, isoInstantOrNull } from '../contract/instant.ts';
import type { ListedJob, ModuleManifest } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { runSummary } from '../run/run-view.ts';
import { clockChangeNotes } from '../schedule/clock-changes.ts';
import { compile } from '../schedule/compile.ts';
import { describe } from '../schedule/describe.ts';
import { nextOccurrences, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Job } from './job.ts';
import { effectivePolicies } from './policies.ts';
import { timingOf } from './timing.ts';

const NEXT_RUNS = 5;

/** A job as GET /v1/jobs/{id} shows it. */
export function jobView(job: Job, module: ModuleManifest | undefined, lastRun: Run | null, now: Instant) {
  const timing = timingOf(job);
  const nextRuns = nextRunsOf(job, timing, now, NEXT_RUNS);
  return {
    ...members(job, timing, nextRuns[0]),
    nextRuns,
    /** The next change of clocks that changes a run. */
    notes: job.paused ? [] : clockChangeNotes(timing, now),
    lastRun: lastRun && runSummary(lastRun),
    input: job.input ?? null,
    policies: effectivePolicies(job.policies, module?.policies),
    problem: job.intent !== null || job.rejection !== null ? 'notApplied' : module ? null : 'unknownModule',
    /** Why EventBridge would not take the schedule, in its words. */
    problemDetail: job.rejection,
  };
}

/** A job as a row of GET /v1/jobs shows it. */
export function jobRow(job: ListedJob, lastRun: Run | null | undefined, now: Instant) {
  const timing = timingOf(job);
  const [nextRun] = nextRunsOf(job, timing, now, 1);
  return { ...members(job, timing, nextRun), ...(lastRun !== undefined && { lastRun: lastRun && runSummary(lastRun) }) };
}

/** A paused job has no due times. */
function nextRunsOf({ paused }: ListedJob, timing: Timing, now: Instant, count: number): string[] {
  return paused ? [] : nextOccurrences(timing, now, count).map(isoInstant);
}

function members(job: ListedJob, timing: Timing, nextRun: string | undefined) {
  return {
    id: job.id,
    module: job.module,
    state: job.paused ? 'paused' : nextRun === undefined ? 'completed' : 'active',
    source: job.source,
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
