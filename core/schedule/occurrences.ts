import { nextMatch } from './calendar.ts';
import type { AtSchedule, CronSchedule, Instant, RateSchedule, Schedule } from './schedule.ts';
import { admitsEvery, unreachable, YEARS } from './schedule.ts';
import type { Zone } from './zone.ts';
import { instantsOf } from './zone.ts';

const DAY = 86_400_000;
const END_OF_YEARS = Date.UTC(YEARS.max + 1, 0);

/** Everything that decides when a job is due. */
export interface Timing {
  readonly schedule: Schedule;
  readonly zone: Zone;
  /** Inclusive; null = open. */
  readonly start: Instant | null;
  /** Inclusive; null = open. */
  readonly end: Instant | null;
  /** Where a rate counts from: `start`, or the creation time when there is no start. */
  readonly anchor: Instant;
  /** When it was committed: what EventBridge is given need not fit the time before. */
  readonly since: Instant;
}

/** The first due time strictly after an instant and up to another; undefined when there is none. An `at` ignores start and end. */
export function nextOccurrence(timing: Timing, after: Instant, upTo: Instant = Infinity): Instant | undefined {
  const { schedule, start, end } = timing;
  const last = end === null || schedule.kind === 'at' ? upTo : Math.min(upTo, end);
  const from = start === null ? after : Math.max(after, start - 1);
  const next = nextOf(timing, schedule.kind === 'at' ? after : from, last);
  return next === undefined || next > last ? undefined : next;
}

function nextOf(timing: Timing, after: Instant, upTo: Instant): Instant | undefined {
  const { schedule, zone } = timing;
  switch (schedule.kind) {
    case 'at': {
      const due = dueOf(schedule, zone);
      return due !== undefined && due > after ? due : undefined;
    }
    case 'rate':
      return nextRate(schedule, timing, after);
    case 'cron':
      return nextCron(schedule, zone, after, upTo);
    default:
      return unreachable(schedule);
  }
}

/** At most `count` due times strictly after an instant, in order. */
export function nextOccurrences(timing: Timing, after: Instant, count: number): Instant[] {
  return occurrencesBetween(timing, after, Infinity, count);
}

/** At most `limit` due times strictly after an instant and up to another, in order. */
export function occurrencesBetween(timing: Timing, after: Instant, upTo: Instant, limit: number): Instant[] {
  const found: Instant[] = [];
  let next = nextOccurrence(timing, after, upTo);
  while (next !== undefined && found.length < limit) {
    found.push(next);
    next = nextOccurrence(timing, next, upTo);
  }
  return found;
}

/** The last due time strictly before an instant; undefined when there was none. */
export function previousOccurrence(timing: Timing, before: Instant): Instant | undefined {
  const isDueIn = (from: Instant, to: Instant) => nextOccurrence(timing, from - 1, to - 1) !== undefined;
  // Look back further and further, then close in on the last one of the stretch that has any.
  let [from, to] = [before - 60_000, before];
  while (!isDueIn(from, to)) {
    if (from < 0) return undefined;
    [from, to] = [before - 2 * (before - from), from];
  }
  while (to - from > 1_000) {
    const middle = from + Math.floor((to - from) / 2);
    if (isDueIn(middle, to)) from = middle;
    else to = middle;
  }
  return nextOccurrence(timing, from - 1);
}

/** When an `at` is due: in an overlap of the clock at its first pass, in a gap never. */
export function dueOf(at: AtSchedule, zone: Zone): Instant | undefined {
  return 'instant' in at ? at.instant : instantsOf(at.wallTime, zone)[0];
}

function nextRate(rate: RateSchedule, timing: Timing, after: Instant): Instant | undefined {
  const period = rate.seconds * 1_000;
  const next = timing.anchor + (Math.floor((after - timing.anchor) / period) + 1) * period;
  const due = Math.max(next, firstOfRate(rate, timing));
  return due < END_OF_YEARS ? due : undefined;
}

/** A rate with a start is due at it; one without is first due a period after its anchor. */
export function firstOfRate(rate: RateSchedule, timing: Timing): Instant {
  return timing.start === null ? timing.anchor + rate.seconds * 1_000 : timing.anchor;
}

/**
 * Looks at one stretch of constant offset after the other, where a wall clock is plain arithmetic.
 *
 * A time in the spring gap lies in no stretch, so it is skipped. In autumn the repeated stretch is passed over, unless
 * the cron admits every hour: then it fires in both passes.
 */
function nextCron(cron: CronSchedule, zone: Zone, after: Instant, upTo: Instant): Instant | undefined {
  const firesInBothPasses = admitsEvery('hour', cron);
  let from = after + 1;
  for (;;) {
    const { start, end, offset, repeated } = zone.segmentAt(from);
    const first = firesInBothPasses ? from : Math.max(from, start + repeated);
    const match = nextMatch(cron, first + offset, upTo + DAY);
    if (match !== undefined && match - offset < end) return match - offset;
    // Nothing matches before `match`, but for the wall times that the next stretch shows again.
    const isShownAgain = end <= Math.min(upTo, END_OF_YEARS) && zone.segmentAt(end).repeated > 0;
    if (match === undefined && !isShownAgain) return undefined;
    from = match === undefined || isShownAgain ? end : Math.max(end, match - offset - 2 * DAY);
  }
}
