import { Fault } from './fault.ts';
import type { CronSchedule, DayTerm } from './schedule.ts';
import { YEARS } from './schedule.ts';
import { parseValues, readValue, type ValueField } from './value-field.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTE: ValueField = { name: 'minutes', min: 0, max: 59 };
const HOUR: ValueField = { name: 'hours', min: 0, max: 23 };
const DAY_OF_MONTH: ValueField = { name: 'day-of-month', min: 1, max: 31 };
const MONTH: ValueField = { name: 'month', min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: ValueField = { name: 'day-of-week', min: 1, max: 7, names: DAYS };
const YEAR: ValueField = { name: 'year', ...YEARS };

interface Field {
  readonly text: string;
  /** Offset in the whole expression. */
  readonly at: number;
}

/**
 * Parses what stands inside `cron(...)`: minutes, hours, day-of-month, month, day-of-week, year.
 *
 * Five fields mean every year, as EventBridge Scheduler accepts them. Source: EventBridge Scheduler User Guide,
 * "Schedule types", and Quartz where AWS is silent (W, LW, wrap-around ranges).
 */
export function parseAwsCron(body: string, offset: number): CronSchedule {
  const fields = splitFields(body, offset);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new Fault({
      at: offset,
      rule: `cron(...) has six fields (minutes hours day-of-month month day-of-week year), received ${fields.length}`,
      fix: 'for example cron(0 8 ? * MON-FRI *)',
    });
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [Field, Field, Field, Field, Field];
  const year = fields[5] ?? { text: '*', at: offset + body.length };
  return {
    kind: 'cron',
    second: [0],
    minute: parseValues(MINUTE, minute.text, minute.at),
    hour: parseValues(HOUR, hour.text, hour.at),
    month: parseValues(MONTH, month.text, month.at),
    year: parseValues(YEAR, year.text, year.at),
    days: parseDays(dayOfMonth, dayOfWeek),
    fields: [minute, hour, dayOfMonth, month, dayOfWeek, year].map(({ text }) => text.toUpperCase()).join(' '),
  };
}

function splitFields(body: string, offset: number): Field[] {
  if (body.startsWith(' ') || body.endsWith(' ')) {
    throw new Fault({ at: offset, rule: 'no blank stands directly inside the parentheses', fix: 'remove it' });
  }
  const fields: Field[] = [];
  let at = offset;
  for (const text of body.split(' ')) {
    if (text !== '') fields.push({ text, at });
    at += text.length + 1;
  }
  return fields;
}

/** Exactly one of the two day fields is `?`; the other one decides. */
function parseDays(dayOfMonth: Field, dayOfWeek: Field): DayTerm[][] {
  const free = [dayOfMonth, dayOfWeek].filter(({ text }) => text === '?').length;
  if (free !== 1) {
    throw new Fault({
      at: free === 0 ? dayOfWeek.at : dayOfMonth.at,
      rule: 'exactly one of day-of-month and day-of-week is ?',
      fix: free === 0 ? 'write ? for the day field you do not use' : 'write * or a value in one of them',
    });
  }
  if (dayOfMonth.text === '*' || dayOfWeek.text === '*') return [];
  return [dayOfWeek.text === '?' ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek)];
}

function parseDayOfMonth({ text, at }: Field): DayTerm[] {
  const upper = text.toUpperCase();
  if (upper === 'L') return [{ is: 'lastDayOfMonth' }];
  if (upper === 'LW' || upper === 'WL') return [{ is: 'lastWeekdayOfMonth' }];
  if (/^\d+W$/.test(upper)) return [{ is: 'weekdayNearest', dayOfMonth: readValue(DAY_OF_MONTH, text.slice(0, -1), at) }];
  return [{ is: 'daysOfMonth', values: parseValues(DAY_OF_MONTH, text, at) }];
}

function parseDayOfWeek({ text, at }: Field): DayTerm[] {
  const upper = text.toUpperCase();
  if (upper === 'L') return [{ is: 'daysOfWeek', values: [6] }];
  const hash = text.indexOf('#');
  if (hash >= 0) {
    const nth = readValue({ name: 'number after #', min: 1, max: 5 }, text.slice(hash + 1), at + hash + 1);
    return [{ is: 'nthDayOfWeek', dayOfWeek: readValue(DAY_OF_WEEK, text.slice(0, hash), at) - 1, nth }];
  }
  if (upper.endsWith('L')) return [{ is: 'lastDayOfWeek', dayOfWeek: readValue(DAY_OF_WEEK, text.slice(0, -1), at) - 1 }];
  return [{ is: 'daysOfWeek', values: parseValues(DAY_OF_WEEK, text, at).map((value) => value - 1) }];
}
