import { isoInstant } from '../contract/instant.ts';
import type { Job } from '../job/job.ts';
import type { Clock, Queue } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { delayUntil } from './message.ts';

const SECOND = 1_000;
/** Due times are whole seconds, and so are the queue's delays: sent near one, messages arrive when they are due. */
const NEAR = 100;

/** Puts due times into the delay queue, each to arrive when it is due. */
export async function fanOut(
  { clock, queue }: { clock: Clock; queue: Queue },
  job: Job,
  timing: number,
  dueAts: readonly Instant[],
): Promise<void> {
  if (dueAts.length === 0) return;
  const past = clock.now() % SECOND;
  if (past > NEAR && past < SECOND - NEAR) await clock.wait(SECOND - NEAR - past);
  const now = clock.now();
  const envelopes = dueAts.map((dueAt) => ({
    message: { kind: 'occurrence', jobId: job.id, jobUid: job.uid, timing, dueAt: isoInstant(dueAt) } as const,
    delaySeconds: delayUntil(dueAt, now),
  }));
  await queue.send(envelopes);
}
