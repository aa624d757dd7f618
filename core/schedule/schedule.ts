/** An instant in milliseconds since the epoch. */
export type Instant = number;

/** A wall-clock time without a zone, in milliseconds, counted as if the wall clock stood in UTC. */
export type WallTime = number;

/** When a job is due, in the one form every spelling is parsed to. */
export type Schedule = CronSchedule | RateSchedule | AtSchedule;

/** Due whenever the wall clock shows one of the values of every field. All sets are sorted and free of duplicates. */
export interface CronSchedule {
  readonly kind: 'cron';
  readonly second: readonly number[];
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly month: readonly number[];
  readonly year: readonly number[];
  /** A day is admitted when every group has at least one term that matches it; no groups admit every day. */
  readonly days: readonly DayGroup[];
}

export type DayGroup = readonly DayTerm[];

/** One condition on a day. Days of the week count from 0 = Sunday. */
export type DayTerm =
  | { readonly is: 'daysOfMonth'; readonly values: readonly number[] }
  | { readonly is: 'lastDayOfMonth' }
  | { readonly is: 'lastWeekdayOfMonth' }
  | { readonly is: 'weekdayNearest'; readonly dayOfMonth: number }
  | { readonly is: 'daysOfWeek'; readonly values: readonly number[] }
  | { readonly is: 'nthDayOfWeek'; readonly dayOfWeek: number; readonly nth: number }
  | { readonly is: 'lastDayOfWeek'; readonly dayOfWeek: number }
  | { readonly is: 'isoWeeks'; readonly values: readonly number[] };

/** Due at the anchor plus every whole multiple of the period; elapsed time, so clock changes do not move it. */
export interface RateSchedule {
  readonly kind: 'rate';
  readonly seconds: number;
}

/** Due once: at a time of the zone's wall clock, or at an instant, which leaves the zone to display. */
export type AtSchedule = { readonly kind: 'at'; readonly wallTime: WallTime } | { readonly kind: 'at'; readonly instant: Instant };

/** The years that a schedule may name, as EventBridge has them. */
export const YEARS = { min: 1970, max: 2199 };

/** The values that each field of a cron may have. */
export const BOUNDS = {
  second: { min: 0, max: 59 },
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  month: { min: 1, max: 12 },
  year: YEARS,
} as const;

export type CronField = keyof typeof BOUNDS;

/** Whether the cron's field admits all of its values. */
export function admitsEvery(field: CronField, cron: CronSchedule): boolean {
  return cron[field].length === BOUNDS[field].max - BOUNDS[field].min + 1;
}

/** The whole numbers from `min` to `max`, in order. */
export function numbers(min: number, max: number, step = 1): number[] {
  const found: number[] = [];
  for (let value = min; value <= max; value += step) found.push(value);
  return found;
}

/** Sorted, and each value once. */
export function sorted(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Makes the compiler refuse a switch that leaves out a member of a union. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
