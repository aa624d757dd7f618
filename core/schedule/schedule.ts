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
  readonly days: readonly (readonly DayTerm[])[];
  /** The six fields as EventBridge reads them. */
  readonly fields: string;
}

/** One condition on a day. Days of the week count from 0 = Sunday. */
export type DayTerm =
  | { readonly is: 'daysOfMonth'; readonly values: readonly number[] }
  | { readonly is: 'lastDayOfMonth' }
  | { readonly is: 'lastWeekdayOfMonth' }
  | { readonly is: 'weekdayNearest'; readonly dayOfMonth: number }
  | { readonly is: 'daysOfWeek'; readonly values: readonly number[] }
  | { readonly is: 'nthDayOfWeek'; readonly dayOfWeek: number; readonly nth: number }
  | { readonly is: 'lastDayOfWeek'; readonly dayOfWeek: number };

/** Due at the anchor plus every whole multiple of the period; elapsed time, so clock changes do not move it. */
export interface RateSchedule {
  readonly kind: 'rate';
  readonly value: number;
  readonly unit: RateUnit;
}

export type RateUnit = 'minute' | 'hour' | 'day';

/** Due once. */
export interface AtSchedule {
  readonly kind: 'at';
  readonly wallTime: WallTime;
}

/** The years that a schedule may name, as EventBridge has them. */
export const YEARS = { min: 1970, max: 2199 };

const FIELD_SIZE = { hour: 24, month: 12, year: YEARS.max - YEARS.min + 1 };

/** Whether the cron's field admits all of its values. */
export function admitsEvery(field: keyof typeof FIELD_SIZE, cron: CronSchedule): boolean {
  return cron[field].length === FIELD_SIZE[field];
}

const MINUTE = 60_000;
const UNIT_LENGTH: Record<RateUnit, number> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

/** The length of one period in milliseconds; a day is always 24 hours. */
export function period(rate: RateSchedule): number {
  return rate.value * UNIT_LENGTH[rate.unit];
}

/** Makes the compiler refuse a switch that leaves out a member of a union. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
