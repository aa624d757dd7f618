import { occurrencesBetween } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';
import { PLANS } from './plans.ts';
import { dueAmong, minutesShown } from './wall-calendar.ts';

const HOUR = 3_600_000;
/** From a day before a change of clocks to a day after it: what is not near one is plain arithmetic. */
const AROUND = 26 * HOUR;

export interface Difference {
  readonly zone: string;
  readonly plan: string;
  readonly around: string;
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** The instants, to the minute, at which a zone's clock changes between two years, found by asking it every day. */
export function changesOf(read: (instant: number) => number, fromYear: number, toYear: number): number[] {
  const offset = (instant: number) => read(instant) * 60_000 - instant;
  const changes: number[] = [];
  const end = Date.UTC(toYear + 1, 0);
  for (let day = Date.UTC(fromYear, 0); day < end; day += 24 * HOUR) {
    if (offset(day) === offset(day + 24 * HOUR)) continue;
    let [low, high] = [day, day + 24 * HOUR];
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2 / 60_000) * 60_000;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

/** Compares core's calendar with the dumb one around one change of clocks, for every plan. */
export function differencesAround(zoneName: string, read: (instant: number) => number, change: number): Difference[] {
  const zone = zoneNamed(zoneName);
  if (!zone) throw new Error(zoneName);
  const [from, to] = [change - AROUND, change + AROUND];
  const minutes = minutesShown(read, from, to);
  const iso = (instant: number) => new Date(instant).toISOString();
  return PLANS.flatMap((plan) => {
    const timing = { schedule: parseSchedule(plan.text), zone, start: null, end: null, anchor: 0, since: 0 };
    const [expected, found] = [dueAmong(plan, minutes), occurrencesBetween(timing, from - 1, to - 1, 10_000)];
    if (expected.join() === found.join()) return [];
    return [{ zone: zoneName, plan: plan.text, around: iso(change), expected: expected.map(iso), found: found.map(iso) }];
  });
}
