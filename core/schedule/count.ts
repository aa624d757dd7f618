import { firstOfRate, nextOccurrence, type Timing } from './occurrences.ts';
import type { CronSchedule, Instant } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How many due times there are from an instant on and before another; of a cron whole days and hours are not gone through. */
export function countDue(timing: Timing, from: Instant, before: Instant): number {
  const { schedule, start, end } = timing;
  if (schedule.kind === 'at') return nextOccurrence(timing, from - 1, before - 1) === undefined ? 0 : 1;
  const first = Math.max(from, start ?? from);
  const last = Math.min(before - 1, end ?? before - 1);
  if (schedule.kind === 'cron') return countCron(timing, schedule, first, last);
  const period = schedule.seconds * 1_000;
  const upTo = (instant: Instant) => Math.floor((instant - firstOfRate(schedule, timing)) / period) + 1;
  return Math.max(0, upTo(last) - Math.max(0, upTo(first - 1)));
}

function countCron(timing: Timing, { hour, minute, second }: CronSchedule, first: Instant, last: Instant): number {
  // How many there are in a day of the wall clock, an hour and a minute that have any.
  const units = [
    [DAY, hour.length * minute.length * second.length],
    [HOUR, minute.length * second.length],
    [MINUTE, second.length],
  ] as const;
  let count = 0;
  for (let from = first; ; ) {
    const next = nextOccurrence(timing, from - 1, last);
    if (next === undefined) return count;
    const [end, found] = firstWhole(units, (unit) => wholeUnit(timing, next, unit, from, last)) ?? [next + 1, 1];
    count += found;
    from = end;
  }
}

/** The end of the largest unit that is whole, and how many are in it. */
function firstWhole(
  units: readonly (readonly [number, number])[],
  endOf: (unit: number) => Instant | undefined,
): readonly [Instant, number] | undefined {
  for (const [unit, count] of units) {
    const end = endOf(unit);
    if (end !== undefined) return [end, count];
  }
  return undefined;
}

/** The end of the day, hour or minute of the wall clock that an instant lies in, if the clock runs through all of it within a span. */
function wholeUnit({ zone }: Timing, instant: Instant, unit: number, first: Instant, last: Instant): Instant | undefined {
  const { start, end, offset, repeated } = zone.segmentAt(instant);
  const from = Math.floor((instant + offset) / unit) * unit - offset;
  return from >= Math.max(first, start + repeated) && from + unit <= Math.min(last + 1, end) ? from + unit : undefined;
}

/** How many due times there are in each of the hours that follow an instant. */
export function countPerHour(timing: Timing, from: Instant, hours: number): number[] {
  const counts = Array.from({ length: hours }, () => 0);
  const before = from + hours * HOUR;
  for (let at = from; at < before; ) {
    const next = nextOccurrence(timing, at - 1, before - 1);
    if (next === undefined) break;
    const hour = Math.floor((next - from) / HOUR);
    at = from + (hour + 1) * HOUR;
    counts[hour] = countDue(timing, at - HOUR, at);
  }
  return counts;
}
