import { nextMatch } from './calendar.ts';
import { compile } from './compile.ts';
import type { AtSchedule, CronSchedule, Instant, RateSchedule, Schedule } from './schedule.ts';
import { admitsEvery, period, YEARS } from './schedule.ts';
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

/** The first due time strictly after an instant; undefined when no more can come. An `at` ignores start and end. */
export function nextOccurrence(timing: Timing, after: Instant): Instant | undefined {
  if (timing.schedule.kind === 'at') return nextAt(timing.schedule, timing.zone, after);
  const from = timing.start === null ? after : Math.max(after, timing.start - 1);
  const next = timing.schedule.kind === 'rate' ? nextRate(timing.schedule, timing, from) : nextCron(timing.schedule, timing.zone, from);
  return next === undefined || (timing.end !== null && next > timing.end) ? undefined : next;
}

/** At most `count` due times strictly after an instant, in order. */
export function nextOccurrences(timing: Timing, after: Instant, count: number): Instant[] {
  const found: Instant[] = [];
  let next = nextOccurrence(timing, after);
  while (next !== undefined && found.length < count) {
    found.push(next);
    next = nextOccurrence(timing, next);
  }
  return found;
}

/**
 * The due time that a delivery at the nominal instant `tick` stands for, or undefined when there is none.
 *
 * A rate's tick is the nearest point of its grid, unless it lies further off than a minute or a quarter of the period.
 * Any other tick is its own due time: tz data may differ between here and EventBridge.
 */
export function occurrenceOf(timing: Timing, tick: Instant): Instant | undefined {
  const { schedule, start, end } = timing;
  if (schedule.kind === 'at') return tick;
  if (compile(timing).ticks === 'cover' && nextOccurrence(timing, tick - 1) !== tick) return undefined;
  let due = tick;
  if (schedule.kind === 'rate') {
    const length = period(schedule);
    due = timing.anchor + Math.round((tick - timing.anchor) / length) * length;
    if (Math.abs(tick - due) > Math.min(60_000, length / 4)) return undefined;
    if (due < firstOfRate(schedule, timing)) return undefined;
  }
  return (start !== null && due < start) || (end !== null && due > end) ? undefined : due;
}

function nextAt(at: AtSchedule, zone: Zone, after: Instant): Instant | undefined {
  const due = instantsOf(at.wallTime, zone)[0];
  return due !== undefined && due > after ? due : undefined;
}

function nextRate(rate: RateSchedule, timing: Timing, after: Instant): Instant | undefined {
  const length = period(rate);
  const next = timing.anchor + (Math.floor((after - timing.anchor) / length) + 1) * length;
  const due = Math.max(next, firstOfRate(rate, timing));
  return due < END_OF_YEARS ? due : undefined;
}

function firstOfRate(rate: RateSchedule, timing: Timing): Instant {
  return timing.start === null ? timing.anchor + period(rate) : timing.anchor;
}

/**
 * Looks at one stretch of constant offset after the other, where a wall clock is plain arithmetic.
 *
 * A time in the spring gap lies in no stretch, so it is skipped. In autumn the repeated stretch is passed over, unless
 * the cron admits every hour: then it fires in both passes.
 */
function nextCron(cron: CronSchedule, zone: Zone, after: Instant): Instant | undefined {
  const firesInBothPasses = admitsEvery('hour', cron);
  let from = after + 1;
  for (;;) {
    const { start, end, offset, repeated } = zone.segmentAt(from);
    const first = firesInBothPasses ? from : Math.max(from, start + repeated);
    const match = nextMatch(cron, first + offset);
    if (match === undefined) return undefined;
    if (match - offset < end) return match - offset;
    // Nothing matches before `match`, but for the wall times that the next stretch shows again.
    from = zone.segmentAt(end).repeated > 0 ? end : Math.max(end, match - offset - 2 * DAY);
  }
}
