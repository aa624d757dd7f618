import { MAX_EXPRESSION_LENGTH } from './aws-expression.ts';
import { printAwsDay, printAwsSets } from './print.ts';
import type { CronSchedule, DayGroup, DayTerm, Instant } from './schedule.ts';
import { BOUNDS, numbers, sorted, YEARS } from './schedule.ts';
import type { Zone, ZoneSegment } from './zone.ts';

const MINUTE = 60_000;
const MINUTES_A_DAY = 1_440;
/** Offsets are looked at for as long as the rules of clocks are known to hold. */
const HORIZON = 12 * 366 * 86_400_000;

/** Days later (1), earlier (-1) or the same (0) on which a time falls that is told by another clock. */
type Shift = -1 | 0 | 1;

/** The coarsest crons that contain all due times: as told by the zone's own clock. */
export function coverInZone(cron: CronSchedule): string {
  return print(cron, cron.minute, cron.hour, [0]);
}

/** The cron in UTC that contains every due time from an instant on, each `lead` minutes early. */
export function coverInUtc(cron: CronSchedule, zone: Zone, from: Instant, lead: number): string {
  const [minutes, hours, shifts] = [new Set<number>(), new Set<number>(), new Set<Shift>()];
  for (const offset of offsetsOf(zone, from)) {
    for (const hour of cron.hour) {
      for (const minute of cron.minute) {
        const at = hour * 60 + minute - Math.floor(offset / MINUTE) - lead;
        const inDay = ((at % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
        minutes.add(inDay % 60);
        hours.add(Math.floor(inDay / 60));
        shifts.add(Math.floor(at / MINUTES_A_DAY) as Shift);
      }
    }
  }
  return print(cron, sorted(minutes), sorted(hours), [...shifts]);
}

/** The offsets from UTC that a zone has from an instant on, in milliseconds. */
export function offsetsOf(zone: Zone, from: Instant): number[] {
  return [...new Set(segmentsFrom(zone, from).map((segment) => segment.offset))];
}

/** The stretches of one offset that a zone has from an instant on, as far ahead as clocks are known. */
export function segmentsFrom(zone: Zone, from: Instant): ZoneSegment[] {
  const segments: ZoneSegment[] = [];
  for (let at = from; at < from + HORIZON; ) {
    const segment = zone.segmentAt(at);
    segments.push(segment);
    at = segment.end;
  }
  return segments;
}

function print(cron: CronSchedule, minute: readonly number[], hour: readonly number[], shifts: readonly Shift[]): string {
  const { fields, days } = coarsestDays(cron.days, shifts);
  const crosses = (shift: Shift) => shifts.includes(shift) && days.some((day) => (shift < 0 ? day === 1 : day >= 28));
  const months = monthsOf(cron);
  const shiftedMonths = [
    ...months,
    ...(crosses(-1) ? months.map((month) => ((month + 10) % 12) + 1) : []),
    ...(crosses(1) ? months.map((month) => (month % 12) + 1) : []),
  ];
  const years = [
    ...cron.year,
    ...(crosses(-1) ? cron.year.map((year) => year - 1) : []),
    ...(crosses(1) ? cron.year.map((year) => year + 1) : []),
  ];
  const sets = { minute, hour, month: sorted(shiftedMonths), year: sorted(years.filter((year) => year >= YEARS.min && year <= YEARS.max)) };
  const text = printAwsSets(sets, fields);
  if (text.length <= MAX_EXPRESSION_LENGTH) return text;
  // Lists that are too long for EventBridge become every value, the years first, since they are the least.
  const wide = (name: 'minute' | 'hour' | 'year') => numbers(BOUNDS[name].min, BOUNDS[name].max);
  const withoutYears = printAwsSets({ ...sets, year: wide('year') }, fields);
  return withoutYears.length <= MAX_EXPRESSION_LENGTH
    ? withoutYears
    : printAwsSets({ ...sets, year: wide('year'), minute: wide('minute') }, fields);
}

/** EventBridge's two day fields, and the days of the month that they may admit. */
interface DayCover {
  readonly fields: [string, string];
  readonly days: readonly number[];
  /** How many days of a month they admit, about. */
  readonly size: number;
}

const ALL_DAYS = numbers(1, 31);
const EVERY_DAY: DayCover = { fields: ['*', '?'], days: ALL_DAYS, size: 31 };

/** Of the groups, all of which have to hold, the one that EventBridge can say and that admits the fewest days. */
function coarsestDays(groups: readonly DayGroup[], shifts: readonly Shift[]): DayCover {
  const candidates = groups.flatMap((group) => [...asItIs(group, shifts), ...byDayOfWeek(group, shifts), ...byDayOfMonth(group, shifts)]);
  return [EVERY_DAY, ...candidates].reduce((best, candidate) => (candidate.size < best.size ? candidate : best));
}

function asItIs(group: DayGroup, shifts: readonly Shift[]): DayCover[] {
  const [term, ...others] = group;
  if (!term || others.length > 0 || shifts.some((shift) => shift !== 0) || 'values' in term) return [];
  const fields = printAwsDay(term);
  return fields ? [{ fields, days: ALL_DAYS, size: 1 }] : [];
}

function byDayOfWeek(group: DayGroup, shifts: readonly Shift[]): DayCover[] {
  const values = union(group, (term) => (term.is === 'daysOfWeek' ? term.values : 'dayOfWeek' in term ? [term.dayOfWeek] : undefined));
  if (!values) return [];
  const shifted = sorted(shifts.flatMap((shift) => values.map((value) => (value + shift + 7) % 7)));
  const fields = printAwsDay({ is: 'daysOfWeek', values: shifted });
  return fields ? [{ fields, days: ALL_DAYS, size: (shifted.length * 31) / 7 }] : [];
}

function byDayOfMonth(group: DayGroup, shifts: readonly Shift[]): DayCover[] {
  const values = union(group, daysOfMonth);
  if (!values) return [];
  const shifted = sorted(shifts.flatMap((shift) => values.flatMap((value) => shiftedDay(value, shift))));
  const fields = printAwsDay({ is: 'daysOfMonth', values: shifted });
  return fields ? [{ fields, days: values, size: shifted.length }] : [];
}

/** The values of a group whose terms all have some. */
function union(group: DayGroup, valuesOf: (term: DayTerm) => readonly number[] | undefined): number[] | undefined {
  const values = group.map(valuesOf);
  return values.every((some) => some !== undefined) ? sorted(values.flat() as number[]) : undefined;
}

/** The days of the month on which a term may hold. */
function daysOfMonth(term: DayTerm): readonly number[] | undefined {
  switch (term.is) {
    case 'daysOfMonth':
      return term.values;
    case 'lastDayOfMonth':
      return numbers(28, 31);
    case 'lastWeekdayOfMonth':
      return numbers(26, 31);
    case 'weekdayNearest':
      return numbers(Math.max(1, term.dayOfMonth - 2), Math.min(31, term.dayOfMonth + 2));
    case 'nthDayOfWeek':
      return numbers(term.nth * 7 - 6, Math.min(31, term.nth * 7));
    case 'lastDayOfWeek':
      return numbers(22, 31);
    case 'daysOfWeek':
    case 'isoWeeks':
      return undefined;
  }
}

/** The day before the first may be any last day of a month, and the day after such a one the first. */
function shiftedDay(day: number, shift: Shift): number[] {
  if (shift < 0) return day === 1 ? numbers(28, 31) : [day - 1];
  if (shift > 0) return day < 28 ? [day + 1] : day < 31 ? [day + 1, 1] : [1];
  return [day];
}

/** The months in which both the cron's months and its ISO weeks may have days. */
function monthsOf(cron: CronSchedule): number[] {
  const weeks = cron.days.flatMap((group) => union(group, (term) => (term.is === 'isoWeeks' ? term.values : undefined)) ?? []);
  if (weeks.length === 0) return [...cron.month];
  const touched = new Set(weeks.flatMap(monthsOfWeek));
  const months = cron.month.filter((month) => touched.has(month));
  // A cron whose weeks lie in none of its months is never due, whatever is printed.
  return months.length > 0 ? months : [...cron.month];
}

/** Monday of week 1 lies between 29 December and 4 January; of a leap year and a common one. */
function monthsOfWeek(week: number): number[] {
  return [2023, 2024].flatMap((year) => {
    const first = Date.UTC(year, 0, 7 * week - 9);
    return numbers(0, 12).map((day) => new Date(first + day * 86_400_000).getUTCMonth() + 1);
  });
}
