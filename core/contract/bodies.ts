import * as z from 'zod';
import { autoPause, catchUpRun, overlap, policies } from './policies.ts';

/** 256 KB: what EventBridge Scheduler and Lambda's asynchronous invoke are sized for. */
export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_INPUT_BYTES = 64 * 1024;

const json = z.unknown();
export const instant = z.iso.datetime({
  offset: true,
  error: 'an instant is ISO 8601 with Z or an offset, for example 2027-01-04T07:00:00Z',
});

const cronField = z.union([z.string().min(1).max(256), z.int()], { error: 'a cron field is a text or a whole number' }).optional();
const rateField = z.int().min(0).optional();

/** A schedule as an object of fields: APScheduler's cron fields, a sum of units, or a date. */
export const scheduleFields = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('cron'),
      year: cronField,
      month: cronField,
      day: cronField,
      week: cronField,
      dayOfWeek: cronField,
      hour: cronField,
      minute: cronField,
      second: cronField,
    }),
    z.strictObject({
      type: z.literal('rate'),
      weeks: rateField,
      days: rateField,
      hours: rateField,
      minutes: rateField,
      seconds: rateField,
    }),
    z.strictObject({ type: z.literal('at'), at: z.string() }),
  ],
  { error: 'the type of a schedule is cron, rate (an interval) or at (a date)' },
);

/** The schedule that a module brings along in its `.schedule` file. */
export const defaultSchedule = z.object({
  title: z.string().nullable(),
  schedule: scheduleFields,
  timezone: z.string(),
  start: z.string().nullable(),
  end: z.string().nullable(),
});

/** The set of the jobs that modules declare. */
export const CODE_SET = 'code';

const schedule = z.union([z.string().min(1), scheduleFields], { error: 'a schedule is a text or an object with a type' });

const timingMembers = { timezone: z.string().optional(), start: instant.nullish(), end: instant.nullish() };

const definitionMembers = {
  module: z.string().optional(),
  schedule: schedule.optional(),
  /** Take the schedule of the `.schedule` file beside the module. */
  fromFile: z.boolean().optional(),
  ...timingMembers,
  input: json.optional(),
  policies: policies.optional(),
  description: z.string().max(512).nullish(),
  tags: z.array(z.string().min(1).max(50)).max(20).optional(),
  /** The file, or `code` for the modules, that the job is kept in line with: `carillon apply` changes and deletes its own only. */
  set: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, { error: 'a set has 1 to 50 of the characters A-Z a-z 0-9 . _ -' })
    .nullish(),
};

/** POST /v1/jobs */
export const createJobBody = z.strictObject({ id: z.string(), ...definitionMembers });

/** PUT /v1/jobs/{id} */
export const putJobBody = z.strictObject({ id: z.string().optional(), ...definitionMembers });

/** What a job is made of, but for its id. */
export const definitionBody = z.strictObject(definitionMembers);

/** A merge patch of a job's policies: null takes a value back. */
const policiesPatch = z
  .strictObject({
    timeout: z.string().nullish(),
    retry: z.strictObject({ maxAttempts: z.int().nullish(), backoff: z.string().nullish() }).nullish(),
    overlap: overlap.nullish(),
    catchUp: z.strictObject({ within: z.string().nullish(), run: catchUpRun.nullish() }).nullish(),
    autoPause: autoPause.nullish(),
    keep: z.string().nullish(),
  })
  .nullish();

/** PATCH /v1/jobs/{id}: a merge patch (RFC 7396); what it makes of the job is checked as a whole. */
export const patchJobBody = z.strictObject({
  ...(Object.fromEntries(Object.keys(definitionMembers).map((name) => [name, json.optional()])) as Record<
    keyof typeof definitionMembers,
    z.ZodOptional<z.ZodUnknown>
  >),
  policies: policiesPatch,
});

/** POST /v1/jobs/{id}/pause */
export const pauseJobBody = z.strictObject({ reason: z.string().max(512).optional() });

/** POST /v1/hold; pausing is for one job, this is for all of a stage. */
export const holdBody = z.strictObject({ reason: z.string().max(512).optional() });

/** Requests that say everything in their path: resume, cancel, retry, release. */
export const emptyBody = z.strictObject({});

/** POST /v1/jobs/{id}/run; without a body the job's own input is used. */
export const runJobBody = z.strictObject({ input: json.optional() });

/** POST /v1/jobs/{id}/backfill: a run for each due time from one instant to another, both included. */
export const backfillBody = z.strictObject({ from: instant, to: instant });

/** POST /v1/preview */
export const previewBody = z.strictObject({
  schedule,
  ...timingMembers,
  from: instant.optional(),
  count: z.int().min(1).max(100).default(5),
});

/** A line of `carillon next --stdin`, and what the command is asked. */
export const nextBody = z.strictObject({
  id: json.optional(),
  schedule,
  ...timingMembers,
  after: instant.nullish(),
  n: z.int().min(1).max(1_000).default(5),
});

export type CreateJobBody = z.output<typeof createJobBody>;
export type PutJobBody = z.output<typeof putJobBody>;
export type PatchJobBody = z.output<typeof patchJobBody>;
export type DefinitionBody = z.output<typeof definitionBody>;
export type RunJobBody = z.output<typeof runJobBody>;
export type BackfillBody = z.output<typeof backfillBody>;
export type PreviewBody = z.output<typeof previewBody>;
