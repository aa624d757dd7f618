import * as z from 'zod';

/** 256 KB: what EventBridge Scheduler and Lambda's asynchronous invoke are sized for. */
export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_INPUT_BYTES = 64 * 1024;

const json = z.unknown();
const instant = z.iso.datetime({ offset: true, error: 'an instant is ISO 8601 with Z or an offset, for example 2027-01-04T07:00:00Z' });

const timingMembers = {
  schedule: z.string().min(1),
  timezone: z.string().optional(),
  start: instant.nullish(),
  end: instant.nullish(),
};

/** POST /v1/jobs */
export const createJobBody = z.strictObject({
  id: z.string(),
  module: z.string().optional(),
  ...timingMembers,
  input: json.optional(),
  policies: z.strictObject({ timeout: z.string().optional() }).optional(),
  description: z.string().max(512).optional(),
  tags: z.array(z.string().min(1).max(50)).max(20).optional(),
});

/** POST /v1/jobs/{id}/run; without a body the job's own input is used. */
export const runJobBody = z.strictObject({ input: json.optional() });

/** POST /v1/preview */
export const previewBody = z.strictObject({
  ...timingMembers,
  from: instant.optional(),
  count: z.int().min(1).max(100).default(5),
});

export type CreateJobBody = z.output<typeof createJobBody>;
export type RunJobBody = z.output<typeof runJobBody>;
export type PreviewBody = z.output<typeof previewBody>;
