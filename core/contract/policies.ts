import * as z from '../zod.ts';

export const catchUpRun = z.enum(['latest', 'all', 'none']);
export const overlap = z.enum(['skip', 'allow']);
export const autoPause = z.union([z.literal('off'), z.int()], { error: 'autoPause is "off" or a number of failures' });

/** The policies of a job, as its creator and its module may set them; durations are `<whole number>s|m|h|d`. */
export const policies = z.strictObject({
  timeout: z.optional(z.string()),
  retry: z.optional(z.strictObject({ maxAttempts: z.optional(z.int()), backoff: z.optional(z.string()) })),
  overlap: z.optional(overlap),
  catchUp: z.optional(z.strictObject({ within: z.optional(z.string()), run: z.optional(catchUpRun) })),
  autoPause: z.optional(autoPause),
  keep: z.optional(z.string()),
});

export type Policies = z.output<typeof policies>;
