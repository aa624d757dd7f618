import type { Timing } from './occurrences.ts';
import { nextOccurrence } from './occurrences.ts';
import type { CronSchedule, Instant, RateSchedule } from './schedule.ts';
import { admitsEvery, unreachable } from './schedule.ts';
import type { Zone } from './zone.ts';

/** What EventBridge Scheduler is given, and how its ticks relate to the due times. */
export interface Compiled {
  readonly expression: string;
  /** The zone the expression is read in. */
  readonly timezone: string;
  /** exact: each tick is a due time. cover: every due time is a tick, the others are dropped at the tick. */
  readonly ticks: 'exact' | 'cover';
}

const HOUR = 3_600_000;
const YEAR_AND_A_BIT = 400 * 24 * HOUR;

/**
 * Compiles a timing to the EventBridge expression that ticks at its due times.
 *
 * Nothing relies on what AWS leaves undocumented about clock changes: an `at` is given in UTC, and so is a cron that
 * admits every hour, as a cover when it does not admit every day; one that names its hours is given in its zone.
 */
export function compile(timing: Timing): Compiled {
  const { schedule, zone } = timing;
  switch (schedule.kind) {
    case 'rate':
      return { expression: printRate(schedule), timezone: 'UTC', ticks: 'exact' };
    case 'at':
      return { expression: printAt(nextOccurrence(timing, -Infinity) ?? schedule.wallTime), timezone: 'UTC', ticks: 'exact' };
    case 'cron':
      return admitsEvery('hour', schedule) && zone.name !== 'UTC'
        ? everyHourInUtc(schedule, zone, timing.since)
        : { expression: `cron(${schedule.fields})`, timezone: zone.name, ticks: 'exact' };
    default:
      return unreachable(schedule);
  }
}

/** Minutes past the hour are the same everywhere but in zones that are off by a part of an hour. */
function everyHourInUtc(cron: CronSchedule, zone: Zone, from: Instant): Compiled {
  const shifts = partHourOffsets(zone, from);
  const minutes = new Set(shifts.flatMap((shift) => cron.minute.map((minute) => (minute + 60 - shift) % 60)));
  const first = shifts.length === 1 && shifts[0] === 0 ? cron.fields.slice(0, cron.fields.indexOf(' ')) : printMinutes(minutes);
  return {
    expression: `cron(${first} * * * ? *)`,
    timezone: 'UTC',
    ticks: shifts.length === 1 && admitsEveryDay(cron) ? 'exact' : 'cover',
  };
}

/** The minutes by which the zone is off from whole hours, in the year to come. */
function partHourOffsets(zone: Zone, from: Instant): number[] {
  const found = new Set<number>();
  for (let at = from; at < from + YEAR_AND_A_BIT; at = zone.segmentAt(at).end) {
    const { offset } = zone.segmentAt(at);
    found.add((((offset % HOUR) + HOUR) % HOUR) / 60_000);
  }
  return [...found];
}

function printMinutes(minutes: Set<number>): string {
  return minutes.size === 60 ? '*' : [...minutes].sort((a, b) => a - b).join(',');
}

function printRate({ value, unit }: RateSchedule): string {
  return `rate(${value} ${value === 1 ? unit : `${unit}s`})`;
}

function printAt(instant: Instant): string {
  return `at(${new Date(instant).toISOString().slice(0, 19)})`;
}

function admitsEveryDay(cron: CronSchedule): boolean {
  return cron.days.length === 0 && admitsEvery('month', cron) && admitsEvery('year', cron);
}
