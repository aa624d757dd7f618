import { type JobId, type JobUid, parseJobId, parseRunId, type RunId } from '../ids.ts';
import * as z from '../zod.ts';

const jobId = z.pipe(
  z.string().check(z.refine((text) => parseJobId(text) !== undefined)),
  z.transform((text) => text as JobId),
);
const jobUid = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(32)),
  z.transform((text) => text as JobUid),
);
const runId = z.pipe(
  z.string().check(z.refine((text) => parseRunId(text) !== undefined)),
  z.transform((text) => text as RunId),
);

const instant = z.pipe(
  z.iso.datetime(),
  z.transform((text) => Date.parse(text)),
);
const timing = z.int().check(z.minimum(1));

/** One delivery by EventBridge Scheduler: the job, the timing it was made for, and the nominal instant. */
export const tickSchema = z.object({ jobId, jobUid, timing, dueAt: instant });

/** What the delay queue carries. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('occurrence'), ...tickSchema.shape }),
  z.object({ kind: z.literal('prime'), jobId, jobUid, timing, from: instant, to: instant }),
  z.object({ kind: z.literal('run'), jobId, jobUid, runId, fence: z.int().check(z.minimum(1)) }),
]);

export type Tick = z.output<typeof tickSchema>;
export type Received = z.output<typeof messageSchema>;
/** Names one start of a run, and can bring about no other. */
export type StartRequest = Extract<Received, { kind: 'run' }>;
/** The due times from one instant up to before another, to be put into the queue one by one. */
export type Prime = Extract<Received, { kind: 'prime' }>;
