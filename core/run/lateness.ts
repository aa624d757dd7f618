import { type EffectivePolicies, milliseconds } from '../job/policies.ts';
import type { Instant } from '../schedule/schedule.ts';

/** A run that starts this much after its due time is late: EventBridge itself may take up to its minute. */
export const LATE_AFTER = 60_000;
/** Of late occurrences that are all to be run, the newest so many a job are. */
export const MOST_CAUGHT_UP = 100;

/**
 * What becomes of an occurrence that has not been run yet, whoever finds it.
 *
 * In its minute it is run. Later it is run as `catchUp` says, and missed if not; `laterDue` counts the due times of the job
 * after it that have come by now.
 */
export function verdict(dueAt: Instant, laterDue: number, { within, run }: EffectivePolicies['catchUp'], now: Instant): 'run' | 'missed' {
  if (now - dueAt < LATE_AFTER) return 'run';
  if (now - dueAt > milliseconds(within)) return 'missed';
  const most = { latest: 1, all: MOST_CAUGHT_UP, none: 0 }[run];
  return laterDue < most ? 'run' : 'missed';
}
