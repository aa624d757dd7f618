/** A schedule as a user writes it: a text, or an object of fields. */
export type Spelling = string | ScheduleFields;

export type ScheduleFields = CronFields | RateFields | AtFields;

/** APScheduler's cron fields. Fields after the last one given have their lowest value, those before it every value. */
export interface CronFields extends Readonly<Partial<Record<CronFieldName, string | number | undefined>>> {
  readonly type: 'cron';
}

/** From the largest unit to the smallest: the order in which unset fields get their defaults. */
export const CRON_FIELDS = ['year', 'month', 'day', 'week', 'dayOfWeek', 'hour', 'minute', 'second'] as const;
export type CronFieldName = (typeof CRON_FIELDS)[number];

/** Elapsed time: the sum of its members. */
export interface RateFields extends Readonly<Partial<Record<RateFieldName, number | undefined>>> {
  readonly type: 'rate';
}

export const RATE_FIELDS = { weeks: 604_800, days: 86_400, hours: 3_600, minutes: 60, seconds: 1 } as const;
export type RateFieldName = keyof typeof RATE_FIELDS;

/** Once: a local time in the time zone beside it, or an instant with `Z` or an offset. */
export interface AtFields {
  readonly type: 'at';
  readonly at: string;
}
