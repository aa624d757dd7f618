import * as z from 'zod';
import type { JobId, JobUid, RunId } from '../ids.ts';
import { parseJobId, parseRunId } from '../ids.ts';

const jobId = z
  .string()
  .refine((text) => parseJobId(text) !== undefined)
  .transform((text) => text as JobId);
const jobUid = z
  .string()
  .min(1)
  .max(32)
  .transform((text) => text as JobUid);
const runId = z
  .string()
  .refine((text) => parseRunId(text) !== undefined)
  .transform((text) => text as RunId);

/** One delivery by EventBridge Scheduler: the job, the timing it was made for, and the nominal instant. */
export const tickSchema = z.object({
  jobId,
  jobUid,
  timing: z.int().min(1),
  dueAt: z.iso.datetime().transform((text) => Date.parse(text)),
});

/** What the delay queue carries. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('occurrence'), ...tickSchema.shape }),
  z.object({ kind: z.literal('run'), jobId, jobUid, runId }),
]);

export type Tick = z.output<typeof tickSchema>;
/** Instants travel as ISO text. */
export type Message =
  | { readonly kind: 'occurrence'; readonly jobId: JobId; readonly jobUid: JobUid; readonly timing: number; readonly dueAt: string }
  | { readonly kind: 'run'; readonly jobId: JobId; readonly jobUid: JobUid; readonly runId: RunId };
