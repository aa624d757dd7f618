import type { Job } from '../job/job.ts';
import type { Clock, Queue } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { delayUntil, occurrenceMessage } from './message.ts';

const SECOND = 1_000;
/** To wait for a whole second costs time of a function: what arrives so late will do. */
const LATE = 500;
/** What arrives this much before its instant is waited for, each message in an invocation of its own. */
const EARLY = 50;

/**
 * Puts due times into the delay queue, each to arrive when it is due, or at most half a second later: a whole second where
 * others wait behind it, since most of the time would go by in waiting for seconds to be over where many ticks come at once.
 */
export async function fanOut(
  { clock, queue }: { clock: Clock; queue: Queue },
  job: Job,
  timing: number,
  dueAts: readonly Instant[],
  othersWait = false,
): Promise<void> {
  if (dueAts.length === 0) return;
  // Due times are whole seconds, and so are the queue's delays: sent near one, messages arrive when they are due.
  const latest = othersWait ? SECOND - EARLY : LATE;
  const past = clock.now() % SECOND;
  if (past > latest && past < SECOND - EARLY) await clock.wait(SECOND - EARLY - past);
  const now = clock.now();
  const envelopes = dueAts.map((dueAt) => ({
    message: occurrenceMessage(job, timing, dueAt),
    module: job.module,
    delaySeconds: delayUntil(dueAt, now, latest),
  }));
  await queue.send(envelopes);
}
