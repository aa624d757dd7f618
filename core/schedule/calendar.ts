import type { CronField, CronSchedule, DayGroup, DayTerm, WallTime } from './schedule.ts';
import { BOUNDS, unreachable } from './schedule.ts';

const SECOND = 1_000;
const DAY = 86_400_000;
/** No value of a field. */
const NONE = -1;

/** What `nextMatch` asks of a cron, worked out once a cron. */
interface Tables {
  /** For each value of a field, the first admitted value at or after it, or NONE. */
  readonly from: Readonly<Record<CronField, Int16Array>>;
  /** The admitted days of the months of each shape, bit n for day n. */
  readonly days: (number | undefined)[];
}

/** Above the shapes of months that are told by length and first day of the week. */
const OTHER_SHAPES = 32 * 7;

const tablesOf = new WeakMap<CronSchedule, Tables>();

/**
 * The first wall time at or after `from` that the cron admits; undefined when its years are exhausted.
 *
 * It does not look beyond the month of `upTo`, though what it finds may lie after it.
 */
export function nextMatch(cron: CronSchedule, from: WallTime, upTo: WallTime = Infinity): WallTime | undefined {
  let tables = tablesOf.get(cron);
  if (!tables) {
    tables = makeTables(cron);
    tablesOf.set(cron, tables);
  }
  const at = new Date(Math.max(Math.ceil(from / SECOND) * SECOND, Date.UTC(BOUNDS.year.min, 0)));
  const [fromYear, fromMonth, fromDay] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const isToday = isIn(tables, 'year', fromYear) && isIn(tables, 'month', fromMonth);
  if (isToday && admittedDay(cron, tables, fromYear, fromMonth, fromDay) === fromDay) {
    const time = nextTime(tables, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
    if (time !== NONE) return Date.UTC(fromYear, fromMonth - 1, fromDay) + time;
  }
  let [month, day] = [fromMonth, fromDay + 1];
  for (let year = valueFrom(tables, 'year', fromYear); year !== NONE; year = valueFrom(tables, 'year', year + 1)) {
    if (year !== fromYear) [month, day] = [BOUNDS.month.min, 1];
    for (let next = valueFrom(tables, 'month', month); next !== NONE; next = valueFrom(tables, 'month', next + 1)) {
      if (Date.UTC(year, next - 1) > upTo) return undefined;
      const found = admittedDay(cron, tables, year, next, next === month ? day : 1);
      if (found !== NONE) return Date.UTC(year, next - 1, found) + nextTime(tables, 0, 0, 0);
    }
  }
  return undefined;
}

/** The first wall time from one on and before another that the cron admits, if there is one. */
export function matchBetween(cron: CronSchedule, from: WallTime, before: WallTime): WallTime | undefined {
  const match = nextMatch(cron, from, before);
  return match !== undefined && match < before ? match : undefined;
}

function makeTables(cron: CronSchedule): Tables {
  const table = (field: CronField) => {
    const { min, max } = BOUNDS[field];
    const from = new Int16Array(max - min + 2).fill(NONE);
    const admitted = new Set(cron[field]);
    for (let value = max; value >= min; value--) from[value - min] = admitted.has(value) ? value : (from[value - min + 1] ?? NONE);
    return from;
  };
  return {
    from: { second: table('second'), minute: table('minute'), hour: table('hour'), month: table('month'), year: table('year') },
    days: [],
  };
}

function valueFrom(tables: Tables, field: CronField, value: number): number {
  return tables.from[field][Math.max(0, value - BOUNDS[field].min)] ?? NONE;
}

function isIn(tables: Tables, field: CronField, value: number): boolean {
  return valueFrom(tables, field, value) === value;
}

/** The first admitted time of day at or after the given one, in milliseconds. */
function nextTime(tables: Tables, hour: number, minute: number, second: number): number {
  if (isIn(tables, 'hour', hour)) {
    if (isIn(tables, 'minute', minute)) {
      const sameMinute = valueFrom(tables, 'second', second);
      if (sameMinute !== NONE) return timeOfDay(hour, minute, sameMinute);
    }
    const sameHour = valueFrom(tables, 'minute', minute + 1);
    if (sameHour !== NONE) return timeOfDay(hour, sameHour, valueFrom(tables, 'second', 0));
  }
  const laterHour = valueFrom(tables, 'hour', hour + 1);
  return laterHour === NONE ? NONE : timeOfDay(laterHour, valueFrom(tables, 'minute', 0), valueFrom(tables, 'second', 0));
}

function timeOfDay(hour: number, minute: number, second: number): number {
  return ((hour * 60 + minute) * 60 + second) * SECOND;
}

/** The first admitted day of a month at or after `day`, or NONE. */
function admittedDay({ days }: CronSchedule, { days: known }: Tables, year: number, month: number, day: number): number {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (days.length === 0) return day <= length ? day : NONE;
  const firstDayOfWeek = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const shape = dependsOnYear(days) ? OTHER_SHAPES + (year - BOUNDS.year.min) * 12 + month : length * 7 + firstDayOfWeek;
  const mask = known[shape] ?? maskOf(days, { year, month, length, firstDayOfWeek });
  known[shape] = mask;
  const rest = day > 31 ? 0 : mask & (-1 << day);
  return rest === 0 ? NONE : 31 - Math.clz32(rest & -rest);
}

/** Two months of the same length that begin on the same day of the week have the same days, but for those of ISO weeks. */
interface MonthShape {
  readonly year: number;
  readonly month: number;
  readonly length: number;
  /** The day of the week (0 = Sunday) of day 1. */
  readonly firstDayOfWeek: number;
}

function dependsOnYear(groups: readonly DayGroup[]): boolean {
  return groups.some((group) => group.some(({ is }) => is === 'isoWeeks'));
}

function maskOf(groups: readonly DayGroup[], month: MonthShape): number {
  let mask = 0;
  for (let day = 1; day <= month.length; day++) {
    if (groups.every((group) => group.some((term) => admits(term, day, month)))) mask |= 1 << day;
  }
  return mask;
}

function admits(term: DayTerm, day: number, month: MonthShape): boolean {
  switch (term.is) {
    case 'daysOfMonth':
      return term.values.includes(day);
    case 'lastDayOfMonth':
      return day === month.length;
    case 'lastWeekdayOfMonth':
      return day === nearestWeekday(month.length, month);
    case 'weekdayNearest':
      return term.dayOfMonth <= month.length && day === nearestWeekday(term.dayOfMonth, month);
    case 'daysOfWeek':
      return term.values.includes(dayOfWeek(day, month));
    case 'nthDayOfWeek':
      return dayOfWeek(day, month) === term.dayOfWeek && Math.ceil(day / 7) === term.nth;
    case 'lastDayOfWeek':
      return dayOfWeek(day, month) === term.dayOfWeek && day + 7 > month.length;
    case 'isoWeeks':
      return term.values.includes(isoWeek(Date.UTC(month.year, month.month - 1, day)));
    default:
      return unreachable(term);
  }
}

function dayOfWeek(day: number, month: MonthShape): number {
  return (month.firstDayOfWeek + day - 1) % 7;
}

/** Monday to Friday nearest to `day`, without leaving the month (Quartz's rule, which AWS follows). */
function nearestWeekday(day: number, month: MonthShape): number {
  switch (dayOfWeek(day, month)) {
    case 6:
      return day > 1 ? day - 1 : day + 2;
    case 0:
      return day < month.length ? day + 1 : day - 2;
    default:
      return day;
  }
}

/** The number of a day's week (ISO 8601): weeks begin on Monday, and the first one has the year's first Thursday. */
function isoWeek(midnight: WallTime): number {
  const thursday = new Date(midnight + (4 - (new Date(midnight).getUTCDay() || 7)) * DAY);
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY)) + 1;
}
