import { TRIGGERS } from '../run/run.ts';
import * as z from '../zod.ts';
import { autoPause, catchUpRun, overlap } from './policies.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { JOB_STATES, runsQuery } from './queries.ts';
import { defaultSchedule, scheduleFields } from './schedule-fields.ts';

/** What the API answers, as its document shows it; a test holds every answer of the suites against these. */
const instant = z.iso.datetime();
const instantOrNull = z.nullable(instant);
const json = z.unknown();

const stretch = z.strictObject({ from: instant, to: instant, count: z.int().check(z.minimum(1)) });
const headline = z.strictObject({ name: z.string(), message: z.string() });
const fullError = z.strictObject({ name: z.string(), message: z.string(), stack: z.optional(z.string()) });

const runMembers = {
  runId: z.string(),
  state: z.enum(runsQuery.state),
  reason: z.optional(z.string()),
  message: z.optional(z.string()),
  trigger: z.enum(TRIGGERS),
  retryOf: z.optional(z.string()),
  dueAt: instant,
  until: z.optional(instant),
  startedAt: instantOrNull,
  endedAt: instantOrNull,
  latenessMs: z.nullable(z.int()),
  durationMs: z.nullable(z.int()),
  late: z.boolean(),
  attempt: z.int().check(z.minimum(0)),
  cancelRequestedAt: z.optional(instant),
  missed: z.optional(stretch),
};

export const runSummary = z.strictObject({ ...runMembers, error: z.nullable(headline) }).register(z.globalRegistry, { id: 'RunSummary' });

const attempt = z.strictObject({
  attempt: z.int(),
  startedAt: instant,
  endedAt: instantOrNull,
  state: z.enum(['running', 'succeeded', 'failed', 'timedOut', 'cancelled', 'skipped']),
  error: z.nullable(headline),
});
const progress = z.strictObject({ done: z.number(), total: z.number(), message: z.nullable(z.string()) });
const logLine = z.strictObject({
  at: instant,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.optional(z.record(z.string(), json)),
});

export const run = z
  .strictObject({
    jobId: z.string(),
    module: z.string(),
    ...runMembers,
    error: z.nullable(fullError),
    input: z.optional(json),
    attempts: z.array(attempt),
    progress: z.nullable(progress),
    output: json,
    log: z.array(logLine),
    logDropped: z.int(),
  })
  .register(z.globalRegistry, { id: 'Run' });

export const runLog = z
  .strictObject({
    state: runMembers.state,
    attempt: z.int().check(z.minimum(0)),
    lines: z.array(logLine),
    dropped: z.int().check(z.minimum(0)),
    after: z.string(),
  })
  .register(z.globalRegistry, { id: 'RunLog' });

const paused = z.strictObject({ by: z.enum(['user', 'autoPause']), reason: z.nullable(z.string()), at: instant });

const jobMembers = {
  id: z.string(),
  module: z.string(),
  problem: z.nullable(z.enum(['notApplied', 'unknownModule', 'invalidInput'])),
  state: z.enum(JOB_STATES),
  source: z.enum(['api', 'code']),
  set: z.nullable(z.string()),
  rev: z.int().check(z.minimum(1)),
  schedule: z.union([z.string(), scheduleFields]),
  timezone: z.string(),
  start: instantOrNull,
  end: instantOrNull,
  expression: z.string(),
  runFrequency: z.string(),
  nextRun: instantOrNull,
  description: z.nullable(z.string()),
  tags: z.array(z.string()),
  paused: z.nullable(paused),
  createdAt: instant,
  updatedAt: instant,
};

const effectivePolicies = z.strictObject({
  timeout: z.string(),
  retry: z.strictObject({ maxAttempts: z.int(), backoff: z.string() }),
  overlap,
  catchUp: z.strictObject({ within: z.string(), run: catchUpRun }),
  autoPause,
  keep: z.string(),
});

export const job = z
  .strictObject({
    ...jobMembers,
    nextRuns: z.array(instant),
    notes: z.array(z.string()),
    lastRun: z.nullable(runSummary),
    input: json,
    policies: effectivePolicies,
    cost: z.strictObject({ runsPerMonth: z.int().check(z.minimum(0)), usdPerMonth: z.number(), durationMs: z.int().check(z.minimum(0)) }),
    problemDetail: z.nullable(z.string()),
    updatedBy: z.nullable(z.string()),
    changes: z.array(
      z.strictObject({ rev: z.int().check(z.minimum(1)), at: instant, by: z.nullable(z.string()), changed: z.array(z.string()) }),
    ),
  })
  .register(z.globalRegistry, { id: 'Job' });

const outcome = z.strictObject({ runId: z.string(), state: runMembers.state, reason: z.optional(z.string()) });

export const jobRow = z
  .strictObject({ ...jobMembers, lastRun: z.optional(z.nullable(runSummary)), outcomes: z.optional(z.array(outcome)) })
  .register(z.globalRegistry, { id: 'JobRow' });

const nextPageToken = z.nullable(z.string());

export const jobPage = z.strictObject({
  total: z.optional(z.int()),
  totalIsMinimum: z.optional(z.boolean()),
  jobs: z.array(jobRow),
  nextPageToken,
});
export const runPage = z.strictObject({ runs: z.array(runSummary), nextPageToken });
export const failurePage = z.strictObject({
  runs: z.array(z.extend(runSummary, { jobId: z.string() }).register(z.globalRegistry, { id: 'FailedRun' })),
  nextPageToken,
});
export const upcomingPage = z.strictObject({
  upcoming: z.array(z.strictObject({ dueAt: instant, jobId: z.string() })),
  allJobs: z.boolean(),
  nextPageToken,
});
export const load = z.strictObject({
  hours: z.array(z.strictObject({ from: instant, starts: z.int().check(z.minimum(0)) })),
  allJobs: z.boolean(),
});
export const requested = z.strictObject({ runId: z.string() });
export const backfilled = z.strictObject({ runs: z.array(z.strictObject({ runId: z.optional(z.string()), dueAt: instant })) });

export const module = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    input: z.nullable(z.record(z.string(), json)),
    policies: effectivePolicies,
    runner: z.string(),
    schedule: z.nullable(z.strictObject(defaultSchedule.shape)),
    jobs: z.record(z.string(), json),
  })
  .register(z.globalRegistry, { id: 'Module' });
export const modules = z.strictObject({ modules: z.array(module) });

const hold = z.strictObject({ reason: z.nullable(z.string()), since: instant });
export const held = z.strictObject({ held: z.nullable(hold) });
export const health = z.strictObject({ status: z.literal('ok'), tzdata: z.string(), changesAreStuck: z.boolean(), held: z.nullable(hold) });

const code = z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]);

const memberError = z.strictObject({
  pointer: z.string(),
  code,
  received: z.optional(json),
  rule: z.string(),
  fix: z.string(),
  suggestion: z.nullable(z.string()),
});

export const previewed = z.discriminatedUnion('valid', [
  z.strictObject({
    valid: z.literal(true),
    expression: z.string(),
    timezone: z.string(),
    description: z.string(),
    nextRuns: z.array(instant),
    notes: z.array(z.string()),
  }),
  z.strictObject({ valid: z.literal(false), detail: z.string(), errors: z.array(memberError) }),
]);

/** A problem document (RFC 9457). */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code,
    instance: z.string(),
    errors: z.array(memberError),
  })
  .register(z.globalRegistry, { id: 'Problem' });

export type JobAnswer = z.output<typeof job>;
export type JobRowAnswer = z.output<typeof jobRow>;
export type RunAnswer = z.output<typeof run>;
export type RunLogAnswer = z.output<typeof runLog>;
export type RunSummaryAnswer = z.output<typeof runSummary>;
export type FailedRunAnswer = z.output<typeof failurePage>['runs'][number];
export type UpcomingAnswer = z.output<typeof upcomingPage>['upcoming'][number];
export type LoadAnswer = z.output<typeof load>;
export type ModuleAnswer = z.output<typeof module>;
export type PreviewAnswer = z.output<typeof previewed>;
export type HealthAnswer = z.output<typeof health>;
export type ProblemAnswer = z.output<typeof problem>;
