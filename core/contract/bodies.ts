import * as z from '../zod.ts';
import { autoPause, catchUpRun, overlap, policies } from './policies.ts';
import { scheduleFields } from './schedule-fields.ts';

/** 256 KB: what EventBridge Scheduler and Lambda's asynchronous invoke are sized for. */
export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_INPUT_BYTES = 64 * 1024;

// Each is made once: what a start makes of them it pays for.
const text = z.string();
const textIfAny = z.optional(text);
const textOrUnset = z.nullish(text);
const wholeOrUnset = z.nullish(z.int());
const anything = z.optional(z.unknown());
export const instant = z.iso.datetime({
  offset: true,
  error: 'an instant is ISO 8601 with Z or an offset, for example 2027-01-04T07:00:00Z',
});

/** The set of the jobs that modules declare. */
export const CODE_SET = 'code';

const schedule = z.union([z.string().check(z.minLength(1)), scheduleFields], { error: 'a schedule is a text or an object with a type' });

const instantOrUnset = z.nullish(instant);
const timingMembers = { timezone: textIfAny, start: instantOrUnset, end: instantOrUnset };

const definitionMembers = {
  module: textIfAny,
  schedule: z.optional(schedule),
  /** Take the schedule of the `.schedule` file beside the module. */
  fromFile: z.optional(z.boolean()),
  ...timingMembers,
  input: anything,
  policies: z.optional(policies),
  description: z.nullish(z.string().check(z.maxLength(512))),
  tags: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(50))).check(z.maxLength(20))),
  /** The file, or `code` for the modules, that the job is kept in line with: `carillon apply` changes and deletes its own only. */
  set: z.nullish(
    z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, { error: 'a set has 1 to 50 of the characters A-Z a-z 0-9 . _ -' })),
  ),
};

/** POST /v1/jobs */
export const createJobBody = z.strictObject({ id: text, ...definitionMembers });

/** PUT /v1/jobs/{id} */
export const putJobBody = z.strictObject({ id: textIfAny, ...definitionMembers });

/** What a job is made of, but for its id. */
export const definitionBody = z.strictObject(definitionMembers);

/** A merge patch of a job's policies: null takes a value back. */
const policiesPatch = z.nullish(
  z.strictObject({
    timeout: textOrUnset,
    retry: z.nullish(z.strictObject({ maxAttempts: wholeOrUnset, backoff: textOrUnset })),
    overlap: z.nullish(overlap),
    catchUp: z.nullish(z.strictObject({ within: textOrUnset, run: z.nullish(catchUpRun) })),
    autoPause: z.nullish(autoPause),
    keep: textOrUnset,
  }),
);

/** PATCH /v1/jobs/{id}: a merge patch (RFC 7396); what it makes of the job is checked as a whole. */
export const patchJobBody = z.strictObject({
  ...(Object.fromEntries(Object.keys(definitionMembers).map((name) => [name, anything])) as Record<
    keyof typeof definitionMembers,
    z.ZodMiniOptional<z.ZodMiniUnknown>
  >),
  policies: policiesPatch,
});

/** POST /v1/jobs/{id}/pause, and POST /v1/hold: pausing is for one job, holding for all of a stage. */
export const reasonBody = z.strictObject({ reason: z.optional(z.string().check(z.maxLength(512))) });

/** Requests that say everything in their path: resume, cancel, retry, release. */
export const emptyBody = z.strictObject({});

/** POST /v1/jobs/{id}/run; without a body the job's own input is used. */
export const runJobBody = z.strictObject({ input: anything });

/** POST /v1/jobs/{id}/backfill: a run for each due time from one instant to another, both included. */
export const backfillBody = z.strictObject({ from: instant, to: instant });

/** POST /v1/preview */
export const previewBody = z.strictObject({
  schedule,
  ...timingMembers,
  from: z.optional(instant),
  count: z._default(z.int().check(z.minimum(1), z.maximum(100)), 5),
});

/** A line of `carillon next --stdin`, and what the command is asked. */
export const nextBody = z.strictObject({
  id: anything,
  schedule,
  ...timingMembers,
  after: instantOrUnset,
  n: z._default(z.int().check(z.minimum(1), z.maximum(1_000)), 5),
});

export type CreateJobBody = z.output<typeof createJobBody>;
export type PutJobBody = z.output<typeof putJobBody>;
export type PatchJobBody = z.output<typeof patchJobBody>;
export type DefinitionBody = z.output<typeof definitionBody>;
export type RunJobBody = z.output<typeof runJobBody>;
export type BackfillBody = z.output<typeof backfillBody>;
export type PreviewBody = z.output<typeof previewBody>;
