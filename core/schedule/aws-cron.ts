import { cronOf } from './cron.ts';
import { Fault } from './fault.ts';
import { DAY_NAMES, MONTH_NAMES } from './names.ts';
import type { CronSchedule, DayGroup } from './schedule.ts';
import { YEARS } from './schedule.ts';
import { fieldsOf, type Piece, parseValues, readValue, type ValueField } from './value-field.ts';

const MINUTE: ValueField = { name: 'minutes', min: 0, max: 59, wraps: true, longestStep: 59 };
const HOUR: ValueField = { name: 'hours', min: 0, max: 23, wraps: true, longestStep: 23 };
const DAY_OF_MONTH: ValueField = { name: 'day-of-month', min: 1, max: 31, wraps: true, longestStep: 31 };
const MONTH: ValueField = { name: 'month', min: 1, max: 12, names: MONTH_NAMES, wraps: true, longestStep: 12 };
const DAY_OF_WEEK: ValueField = { name: 'day-of-week', min: 1, max: 7, names: DAY_NAMES, wraps: true, longestStep: 7 };
const YEAR: ValueField = { name: 'year', ...YEARS, longestStep: YEARS.max - YEARS.min };
const NTH: ValueField = { name: 'number after #', min: 1, max: 5, longestStep: 1, fix: 'for example 3#2, the second Tuesday' };

/**
 * Parses what stands inside `cron(...)`: minutes, hours, day-of-month, month, day-of-week, year.
 *
 * Five fields mean every year, as EventBridge Scheduler accepts them. Source: EventBridge Scheduler User Guide,
 * "Schedule types", and Quartz where AWS is silent (W, LW, wrap-around ranges).
 */
export function parseAwsCron(body: string, offset: number): CronSchedule {
  if (body.startsWith(' ') || body.endsWith(' ')) {
    throw new Fault({ at: offset, rule: 'no blank stands directly inside the parentheses', fix: 'remove it' });
  }
  const fields = fieldsOf(body, offset);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new Fault({
      at: offset,
      rule: `cron(...) has six fields (minutes hours day-of-month month day-of-week year), received ${fields.length}`,
      fix: 'for example cron(0 8 ? * MON-FRI *)',
    });
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [Piece, Piece, Piece, Piece, Piece];
  const year = fields[5] ?? { text: '*', at: offset + body.length };
  return cronOf({
    second: [0],
    minute: parseValues(MINUTE, minute.text, minute.at),
    hour: parseValues(HOUR, hour.text, hour.at),
    month: parseValues(MONTH, month.text, month.at),
    year: parseValues(YEAR, year.text, year.at),
    days: parseDays(dayOfMonth, dayOfWeek),
  });
}

/** Exactly one of the two day fields is `?`; the other one decides. */
function parseDays(dayOfMonth: Piece, dayOfWeek: Piece): DayGroup[] {
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

function parseDayOfMonth({ text, at }: Piece): DayGroup {
  const upper = text.toUpperCase();
  if (upper === 'L') return [{ is: 'lastDayOfMonth' }];
  if (upper === 'LW' || upper === 'WL') return [{ is: 'lastWeekdayOfMonth' }];
  if (/^\d+W$/.test(upper)) return [{ is: 'weekdayNearest', dayOfMonth: readValue(DAY_OF_MONTH, text.slice(0, -1), at) }];
  if (/[LW]/.test(upper)) throw alone('L and W of day-of-month stand alone: L, LW or 15W', text, at);
  return [{ is: 'daysOfMonth', values: parseValues(DAY_OF_MONTH, text, at) }];
}

function parseDayOfWeek({ text, at }: Piece): DayGroup {
  const upper = text.toUpperCase();
  if (upper === 'L') return [{ is: 'daysOfWeek', values: [6] }];
  const isListed = text.includes(',') && (text.includes('#') || /\dL/.test(upper));
  if (isListed) throw alone('# and L of day-of-week stand alone: 3#2 or 6L', text, at);
  const hash = text.indexOf('#');
  if (hash >= 0) {
    const nth = readValue(NTH, text.slice(hash + 1), at + hash + 1);
    return [{ is: 'nthDayOfWeek', dayOfWeek: readValue(DAY_OF_WEEK, text.slice(0, hash), at) - 1, nth }];
  }
  if (upper.endsWith('L')) return [{ is: 'lastDayOfWeek', dayOfWeek: readValue(DAY_OF_WEEK, text.slice(0, -1), at) - 1 }];
  return [{ is: 'daysOfWeek', values: parseValues(DAY_OF_WEEK, text, at).map((value) => value - 1) }];
}

function alone(rule: string, received: string, at: number): Fault {
  return new Fault({
    at,
    rule: `${rule}, received ${JSON.stringify(received.slice(0, 40))}`,
    fix: 'write one of them, and make a job for each other',
  });
}
