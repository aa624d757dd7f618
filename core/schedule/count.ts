import { firstOfRate, nextOccurrence, type Timing } from './occurrences.ts';
import type { CronSchedule, Instant } from './schedule.ts';

const HOUR = 3_600_000;
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
  const ofHour = minute.length * second.length;
  let count = 0;
  for (let from = first; ; ) {
    const next = nextOccurrence(timing, from - 1, last);
    if (next === undefined) return count;
    const whole = (unit: number) => wholeUnit(timing, next, unit, from, last);
    const [day, hourOfDay] = [whole(DAY), whole(HOUR)];
    count += day ? hour.length * ofHour : hourOfDay ? ofHour : 1;
    from = day ?? hourOfDay ?? next + 1;
  }
}

/** The end of the day or hour of the wall clock that an instant lies in, if the clock runs through all of it within a span. */
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
