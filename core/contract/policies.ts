import * as z from 'zod';

export const catchUpRun = z.enum(['latest', 'all', 'none']);
export const overlap = z.enum(['skip', 'allow']);
export const autoPause = z.union([z.literal('off'), z.int()], { error: 'autoPause is "off" or a number of failures' });

/** The policies of a job, as its creator and its module may set them; durations are `<whole number>s|m|h|d`. */
export const policies = z.strictObject({
  timeout: z.string().optional(),
  retry: z.strictObject({ maxAttempts: z.int().optional(), backoff: z.string().optional() }).optional(),
  overlap: overlap.optional(),
  catchUp: z.strictObject({ within: z.string().optional(), run: catchUpRun.optional() }).optional(),
  autoPause: autoPause.optional(),
  keep: z.string().optional(),
});

export type Policies = z.output<typeof policies>;
