import { matchBetween } from './calendar.ts';
import { coverInUtc, coverInZone, offsetsOf, segmentsFrom } from './cover.ts';
import { dueOf, type Timing } from './occurrences.ts';
import { printAwsCron, printRate } from './print.ts';
import type { CronSchedule, Instant } from './schedule.ts';
import { admitsEvery, unreachable } from './schedule.ts';
import { writeWallTime } from './wall-time.ts';
import type { Zone } from './zone.ts';

/** What EventBridge Scheduler is given, and how its ticks relate to the due times. */
export type Compiled = {
  readonly expression: string;
  /** The zone the expression is read in. */
  readonly timezone: string;
} & (
  | { /** Each tick is a due time. */ readonly ticks: 'exact' }
  | { /** Every due time is a tick, the others are dropped at the tick. */ readonly ticks: 'cover' }
  | {
      /** A tick stands for the due times of a stretch that begins `lead` ms later and is `window` ms long: seconds matter. */
      readonly ticks: 'windowed';
      readonly lead: number;
      readonly window: number;
    }
);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** EventBridge may be a minute late; another one is for the way through the queue. */
const LEAD = 2 * MINUTE;
/** Minutes between the ticks of a rate with seconds: as many as divide an hour and leave the queue's 15 minutes room. */
const RATE_WINDOWS = [1, 2, 3, 4, 5, 6];

/**
 * Compiles a timing to the EventBridge expression that ticks at its due times.
 *
 * Nothing relies on what AWS leaves undocumented about clock changes: an `at`, a window and a cron that admits every hour
 * are given in UTC; a cron that names its hours, or has no due time while clocks change, is given in its zone.
 */
export function compile(timing: Timing): Compiled {
  const { schedule, zone, since } = timing;
  switch (schedule.kind) {
    case 'at':
      return compileAt(dueOf(schedule, zone) ?? 0);
    case 'rate':
      return compileRate(schedule.seconds);
    case 'cron':
      return compileCron(schedule, zone, since);
    default:
      return unreachable(schedule);
  }
}

function compileAt(due: Instant): Compiled {
  const at = (instant: Instant) => `at(${writeWallTime(instant)})`;
  return due % MINUTE === 0
    ? { expression: at(due), timezone: 'UTC', ticks: 'exact' }
    : { expression: at(Math.floor(due / MINUTE) * MINUTE - LEAD), timezone: 'UTC', ...windowOf(1) };
}

function compileRate(seconds: number): Compiled {
  if (seconds % 60 === 0) return { expression: printRate(seconds), timezone: 'UTC', ticks: 'exact' };
  const minutes = RATE_WINDOWS.find((window) => window * 60 >= seconds) ?? Math.max(...RATE_WINDOWS);
  // A cron and not a rate: its ticks stay where they are, so that no window overlaps and none is left out.
  return { expression: `cron(${minutes === 1 ? '*' : `0/${minutes}`} * * * ? *)`, timezone: 'UTC', ...windowOf(minutes) };
}

function windowOf(minutes: number) {
  return { ticks: 'windowed', lead: LEAD, window: minutes * MINUTE } as const;
}

function compileCron(cron: CronSchedule, zone: Zone, since: Instant): Compiled {
  if (cron.second.length !== 1 || cron.second[0] !== 0) {
    return { expression: coverInUtc(cron, zone, since, LEAD / MINUTE), timezone: 'UTC', ...windowOf(1) };
  }
  if (zone.name !== 'UTC' && admitsEvery('hour', cron)) {
    const shifts = new Set(offsetsOf(zone, since).map((offset) => ((offset % HOUR) + HOUR) % HOUR));
    const isExact = shifts.size === 1 && cron.days.length === 0 && admitsEvery('month', cron) && admitsEvery('year', cron);
    if (isExact || isTouched(cron, zone, since)) {
      return { expression: coverInUtc(cron, zone, since, 0), timezone: 'UTC', ticks: isExact ? 'exact' : 'cover' };
    }
  }
  const expression = printAwsCron(cron);
  return expression
    ? { expression, timezone: zone.name, ticks: 'exact' }
    : { expression: coverInZone(cron), timezone: zone.name, ticks: 'cover' };
}

/** Whether one of the cron's times is skipped or comes twice, as far ahead as clocks are known. */
function isTouched(cron: CronSchedule, zone: Zone, since: Instant): boolean {
  return segmentsFrom(zone, since).some(({ end, offset }, index, segments) => {
    const next = segments[index + 1];
    if (!next) return false;
    return matchBetween(cron, end + Math.min(offset, next.offset), end + Math.max(offset, next.offset)) !== undefined;
  });
}
