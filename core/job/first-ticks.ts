import type { Compiled } from '../schedule/compile.ts';
import { compile } from '../schedule/compile.ts';
import { dueOf, nextOccurrence, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';

const MINUTE = 60_000;
/** The first tick that EventBridge is asked for lies at least this far ahead, so that it cannot be past on arrival. */
const TICK_MARGIN = MINUTE;
/** An `at` with less time left is left to the delay queue. */
const AT_MARGIN = 2 * MINUTE;
/** The delay queue takes what is due within 15 minutes. */
const QUEUE_REACH = 15 * MINUTE;

/** The StartDate to give EventBridge for a timing committed at `now`; null where none is needed, or no schedule. */
export function firstTickOf(timing: Timing, now: Instant): Instant | null {
  const compiled = compile(timing);
  const { schedule, start } = timing;
  if (schedule.kind === 'at') {
    const due = dueOf(schedule, timing.zone) ?? 0;
    const tick = compiled.ticks === 'windowed' ? Math.floor(due / MINUTE) * MINUTE - compiled.lead : due;
    return tick - now >= AT_MARGIN ? tick : null;
  }
  if (schedule.kind === 'rate' && compiled.ticks === 'exact') return nextOccurrence(timing, now + TICK_MARGIN - 1) ?? null;
  const opening = start === null ? null : start - (compiled.ticks === 'windowed' ? compiled.lead + compiled.window : 0);
  return opening !== null && opening > now + TICK_MARGIN ? opening : null;
}

/** Up to when due times go through the delay queue, since EventBridge may not have begun to tick before. */
export function primedUntil(timing: Timing, firstTick: Instant | null, now: Instant): Instant {
  const compiled: Compiled = compile(timing);
  if (timing.schedule.kind === 'at') return now + QUEUE_REACH;
  if (compiled.ticks === 'windowed') {
    // The next tick may come too soon for a new schedule; the one after it is sure to come.
    return Math.floor(now / compiled.window) * compiled.window + 2 * compiled.window + compiled.lead + MINUTE;
  }
  return timing.schedule.kind === 'rate' ? (firstTick ?? now + TICK_MARGIN) : Math.floor(now / MINUTE) * MINUTE + 3 * MINUTE;
}
