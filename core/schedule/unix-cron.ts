import { cronOf } from './cron.ts';
import { Fault } from './fault.ts';
import { DAY_NAMES, MONTH_NAMES } from './names.ts';
import type { CronSchedule, DayGroup } from './schedule.ts';
import { numbers, YEARS } from './schedule.ts';
import { fieldsOf, type Piece, parseValues, type ValueField } from './value-field.ts';

const MINUTE: ValueField = { name: 'minute', min: 0, max: 59, longestStep: 59 };
const HOUR: ValueField = { name: 'hour', min: 0, max: 23, longestStep: 23 };
const DAY_FIX =
  'use such a value, a list (a,b), a range (a-b) or steps (a/b); L, W, # and ? are of cron(...), for example cron(0 8 L * ? *)';
const DAY_OF_MONTH: ValueField = { name: 'day of month', min: 1, max: 31, longestStep: 31, fix: DAY_FIX };
const MONTH: ValueField = { name: 'month', min: 1, max: 12, names: MONTH_NAMES, longestStep: 12 };
/** 0 and 7 are both Sunday. */
const DAY_OF_WEEK: ValueField = { name: 'day of week', min: 0, max: 7, names: DAY_NAMES, longestStep: 7, fix: DAY_FIX };

/** What crontab(5) has nicknames for. */
export const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Parses the five fields of a crontab: minute, hour, day of month, month, day of week.
 *
 * When both day fields are set, either one admits a day; a field that begins with `*` is not set, steps or not, and then
 * both must hold. Source: crontab(5) and the cron of Debian, which the manual leaves the last case to.
 */
export function parseUnixCron(text: string): CronSchedule {
  // Crontabs often have tabs between their fields, and lines end.
  const fields = fieldsOf(text.trimEnd().replaceAll('\t', ' '), 0);
  if (fields.length !== 5) {
    throw new Fault({
      at: 0,
      rule: `a schedule is five crontab fields (minute hour day-of-month month day-of-week), cron(...), rate(...), at(...) or an object, received ${fields.length === 1 ? JSON.stringify(text.slice(0, 40)) : `${fields.length} fields`}`,
      fix: fixFor(text, fields.length),
    });
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [Piece, Piece, Piece, Piece, Piece];
  const days: DayGroup = [{ is: 'daysOfMonth', values: parseValues(DAY_OF_MONTH, dayOfMonth.text, dayOfMonth.at) }];
  const weekdays: DayGroup = [
    { is: 'daysOfWeek', values: parseValues(DAY_OF_WEEK, dayOfWeek.text, dayOfWeek.at).map((value) => value % 7) },
  ];
  const isEither = !dayOfMonth.text.startsWith('*') && !dayOfWeek.text.startsWith('*');
  return cronOf({
    second: [0],
    minute: parseValues(MINUTE, minute.text, minute.at),
    hour: parseValues(HOUR, hour.text, hour.at),
    month: parseValues(MONTH, month.text, month.at),
    year: numbers(YEARS.min, YEARS.max),
    days: isEither ? [[...days, ...weekdays]] : [days, weekdays],
  });
}

function fixFor(text: string, fields: number): string {
  const meant = NICKNAMES[text.trim().toLowerCase()];
  if (meant) return `write ${meant}`;
  return fields === 6
    ? 'six fields are of cron(...), for example cron(0 8 ? * MON-FRI *); seconds are of { "type": "cron", "second": "0" }'
    : 'for example 0 8 * * 1-5, cron(0 8 ? * MON-FRI *), rate(5 minutes) or at(2027-01-05T09:00:00)';
}
