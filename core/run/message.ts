import { isoInstant } from '../contract/instant.ts';
import type { JobId, JobUid, ModuleName, RunId } from '../ids.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { WaitingRun } from './run.ts';

/** What is sent; instants travel as ISO text. */
export type Message = { readonly jobId: JobId; readonly jobUid: JobUid } & (
  | { readonly kind: 'occurrence'; readonly timing: number; readonly dueAt: string }
  | { readonly kind: 'prime'; readonly timing: number; readonly from: string; readonly to: string }
  | { readonly kind: 'run'; readonly runId: RunId; readonly fence: number }
);

/** A message, the module whose runner it is for, and after how many whole seconds it is to arrive. */
export interface Envelope {
  readonly message: Message;
  readonly module: ModuleName;
  readonly delaySeconds: number;
}

/** The message that has an occurrence run. */
export function occurrenceMessage(job: { id: JobId; uid: JobUid }, timing: number, dueAt: Instant): Message {
  return { kind: 'occurrence', jobId: job.id, jobUid: job.uid, timing, dueAt: isoInstant(dueAt) };
}

/** The message that has a waiting run started when it is time. */
export function runMessage({ jobId, jobUid, runId, module, fence, until }: WaitingRun, now: Instant): Envelope {
  return { module, message: { kind: 'run', jobId, jobUid, runId, fence: fence + 1 }, delaySeconds: delayUntil(until, now) };
}

/** The queue delays a message by at most this (SQS: 15 minutes). */
export const MAX_DELAY_SECONDS = 900;
/** A single message may arrive this much after its instant; the runner waits for one that arrives before. */
const TOLERANCE = 150;

/** The delay after which a message arrives when it is due, or at most `tolerance` ms later. */
export function delayUntil(dueAt: Instant, now: Instant, tolerance: number = TOLERANCE): number {
  return Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.floor((dueAt - now + tolerance) / 1000)));
}
