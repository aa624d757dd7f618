import * as z from 'zod';
import { TRIGGERS } from '../run/run.ts';
import { defaultSchedule, scheduleFields } from './bodies.ts';
import { autoPause, catchUpRun, overlap } from './policies.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { JOB_STATES, runsQuery } from './queries.ts';

/** What the API answers, as its document shows it; a test holds every answer of the suites against these. */
const instant = z.iso.datetime();
const instantOrNull = instant.nullable();
const json = z.unknown();

const stretch = z.strictObject({ from: instant, to: instant, count: z.int().min(1) });
const headline = z.strictObject({ name: z.string(), message: z.string() });
const fullError = z.strictObject({ name: z.string(), message: z.string(), stack: z.string().optional() });

const runMembers = {
  runId: z.string(),
  state: z.enum(runsQuery.state),
  reason: z.string().optional(),
  message: z.string().optional(),
  trigger: z.enum(TRIGGERS),
  retryOf: z.string().optional(),
  dueAt: instant,
  until: instant.optional(),
  startedAt: instantOrNull,
  endedAt: instantOrNull,
  latenessMs: z.int().nullable(),
  durationMs: z.int().nullable(),
  late: z.boolean(),
  attempt: z.int().min(0),
  cancelRequestedAt: instant.optional(),
  missed: stretch.optional(),
};

export const runSummary = z.strictObject({ ...runMembers, error: headline.nullable() }).meta({ id: 'RunSummary' });

const attempt = z.strictObject({
  attempt: z.int(),
  startedAt: instant,
  endedAt: instantOrNull,
  state: z.enum(['running', 'succeeded', 'failed', 'timedOut', 'cancelled', 'skipped']),
  error: headline.nullable(),
});
const progress = z.strictObject({ done: z.number(), total: z.number(), message: z.string().nullable() });
const logLine = z.strictObject({
  at: instant,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), json).optional(),
});

export const run = z
  .strictObject({
    jobId: z.string(),
    module: z.string(),
    ...runMembers,
    error: fullError.nullable(),
    input: json.optional(),
    attempts: z.array(attempt),
    progress: progress.nullable(),
    output: json,
    log: z.array(logLine),
    logDropped: z.int(),
  })
  .meta({ id: 'Run' });

export const runLog = z
  .strictObject({ state: runMembers.state, attempt: z.int().min(0), lines: z.array(logLine), dropped: z.int().min(0), after: z.string() })
  .meta({ id: 'RunLog' });

const paused = z.strictObject({ by: z.enum(['user', 'autoPause']), reason: z.string().nullable(), at: instant });

const jobMembers = {
  id: z.string(),
  module: z.string(),
  problem: z.enum(['notApplied', 'unknownModule', 'invalidInput']).nullable(),
  state: z.enum(JOB_STATES),
  source: z.enum(['api', 'code']),
  set: z.string().nullable(),
  rev: z.int().min(1),
  schedule: z.union([z.string(), scheduleFields]),
  timezone: z.string(),
  start: instantOrNull,
  end: instantOrNull,
  expression: z.string(),
  runFrequency: z.string(),
  nextRun: instantOrNull,
  description: z.string().nullable(),
  tags: z.array(z.string()),
  paused: paused.nullable(),
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
    lastRun: runSummary.nullable(),
    input: json,
    policies: effectivePolicies,
    cost: z.strictObject({ runsPerMonth: z.int().min(0), usdPerMonth: z.number(), durationMs: z.int().min(0) }),
    problemDetail: z.string().nullable(),
    updatedBy: z.string().nullable(),
    changes: z.array(z.strictObject({ rev: z.int().min(1), at: instant, by: z.string().nullable(), changed: z.array(z.string()) })),
  })
  .meta({ id: 'Job' });

const outcome = z.strictObject({ runId: z.string(), state: runMembers.state, reason: z.string().optional() });

export const jobRow = z
  .strictObject({ ...jobMembers, lastRun: runSummary.nullable().optional(), outcomes: z.array(outcome).optional() })
  .meta({ id: 'JobRow' });

const nextPageToken = z.string().nullable();

export const jobPage = z.strictObject({
  total: z.int().optional(),
  totalIsMinimum: z.boolean().optional(),
  jobs: z.array(jobRow),
  nextPageToken,
});
export const runPage = z.strictObject({ runs: z.array(runSummary), nextPageToken });
export const failurePage = z.strictObject({
  runs: z.array(runSummary.extend({ jobId: z.string() }).meta({ id: 'FailedRun' })),
  nextPageToken,
});
export const upcomingPage = z.strictObject({
  upcoming: z.array(z.strictObject({ dueAt: instant, jobId: z.string() })),
  allJobs: z.boolean(),
  nextPageToken,
});
export const load = z.strictObject({ hours: z.array(z.strictObject({ from: instant, starts: z.int().min(0) })), allJobs: z.boolean() });
export const requested = z.strictObject({ runId: z.string() });
export const backfilled = z.strictObject({ runs: z.array(z.strictObject({ runId: z.string().optional(), dueAt: instant })) });

export const module = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    input: z.record(z.string(), json).nullable(),
    policies: effectivePolicies,
    runner: z.string(),
    schedule: defaultSchedule.strict().nullable(),
    jobs: z.record(z.string(), json),
  })
  .meta({ id: 'Module' });
export const modules = z.strictObject({ modules: z.array(module) });

const hold = z.strictObject({ reason: z.string().nullable(), since: instant });
export const held = z.strictObject({ held: hold.nullable() });
export const health = z.strictObject({ status: z.literal('ok'), tzdata: z.string(), changesAreStuck: z.boolean(), held: hold.nullable() });

const code = z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]);

const memberError = z.strictObject({
  pointer: z.string(),
  code,
  received: json.optional(),
  rule: z.string(),
  fix: z.string(),
  suggestion: z.string().nullable(),
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
  .meta({ id: 'Problem' });

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
