import * as z from 'zod';

/** The policies of a job, as its creator and its module may set them; durations are `<whole number>s|m|h|d`. */
export const policies = z.strictObject({
  timeout: z.string().optional(),
  catchUp: z.strictObject({ within: z.string().optional(), run: z.enum(['latest', 'all', 'none']).optional() }).optional(),
});

/** A merge patch of them: null takes a value back. */
export const policiesPatch = z
  .strictObject({
    timeout: z.string().nullish(),
    catchUp: z.strictObject({ within: z.string().nullish(), run: z.enum(['latest', 'all', 'none']).nullish() }).nullish(),
  })
  .nullish();

export type Policies = z.output<typeof policies>;
