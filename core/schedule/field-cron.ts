import { cronOf } from './cron.ts';
import { Fault } from './fault.ts';
import { DAY_NAMES, MONTH_NAMES } from './names.ts';
import type { CronSchedule, DayGroup, DayTerm } from './schedule.ts';
import { sorted, YEARS } from './schedule.ts';
import { CRON_FIELDS, type CronFieldName, type CronFields } from './spelling.ts';
import { itemsOf, type Piece, parseValues, type ValueField } from './value-field.ts';

/** APScheduler's days of the week begin on Monday. */
const WEEKDAY_NAMES = [...DAY_NAMES.slice(1), 'SUN'];

const FIELDS = {
  year: { name: 'year', ...YEARS, longestStep: 'range' },
  month: { name: 'month', min: 1, max: 12, names: MONTH_NAMES, longestStep: 'range' },
  day: { name: 'day', min: 1, max: 31, longestStep: 'range' },
  week: { name: 'week', min: 1, max: 53, longestStep: 'range' },
  dayOfWeek: { name: 'dayOfWeek', min: 0, max: 6, names: WEEKDAY_NAMES, longestStep: 'range' },
  hour: { name: 'hour', min: 0, max: 23, longestStep: 'range' },
  minute: { name: 'minute', min: 0, max: 59, longestStep: 'range' },
  second: { name: 'second', min: 0, max: 59, longestStep: 'range' },
} as const satisfies Record<CronFieldName, ValueField>;

/** What an unset field means when no field after it is set. */
const LOWEST: Record<CronFieldName, string> = {
  year: '*',
  month: '1',
  day: '1',
  week: '*',
  dayOfWeek: '*',
  hour: '0',
  minute: '0',
  second: '0',
};

const ORDINALS = ['1ST', '2ND', '3RD', '4TH', '5TH'];

/** Parses APScheduler's cron fields (CronTrigger, version 3); all of them must match. Throws a Fault that names the member. */
export function parseCronFields(fields: CronFields): CronSchedule {
  const last = CRON_FIELDS.findLastIndex((name) => fields[name] !== undefined);
  if (last < 0) {
    throw new Fault({
      at: 0,
      rule: 'a cron names at least one field',
      fix: `name one of ${CRON_FIELDS.join(', ')}; second "*" is every second`,
    });
  }
  const read = <T>(name: CronFieldName, parse: (field: ValueField, text: string) => T): T => {
    const text = String(fields[name] ?? (CRON_FIELDS.indexOf(name) > last ? LOWEST[name] : '*')).trim();
    try {
      return parse(FIELDS[name], text);
    } catch (error) {
      throw error instanceof Fault ? new Fault({ at: error.at, rule: error.rule, fix: error.fix, member: name }) : error;
    }
  };
  const days: DayGroup[] = [
    read('day', parseDays),
    [{ is: 'isoWeeks', values: read('week', parseList) }],
    [{ is: 'daysOfWeek', values: read('dayOfWeek', parseList).map((value) => (value + 1) % 7) }],
  ];
  return cronOf({
    second: read('second', parseList),
    minute: read('minute', parseList),
    hour: read('hour', parseList),
    month: read('month', parseList),
    year: read('year', parseList),
    days,
  });
}

function parseDays(field: ValueField, text: string): DayGroup {
  return trimmedItems(text).flatMap((item) => parseDay(field, item));
}

function parseDay(field: ValueField, { text, at }: Piece): DayTerm[] {
  const [which = '', weekday, ...rest] = text.toUpperCase().split(' ').filter(Boolean);
  if (which === 'LAST' && weekday === undefined) return [{ is: 'lastDayOfMonth' }];
  const nth = ORDINALS.indexOf(which) + 1;
  if (nth === 0 && which !== 'LAST') return [{ is: 'daysOfMonth', values: parseValues(field, text, at) }];
  const named = WEEKDAY_NAMES.indexOf(weekday ?? '');
  if (named < 0 || rest.length > 0) {
    throw new Fault({
      at,
      rule: 'a position is followed by a day of the week, mon to sun',
      fix: 'for example 2nd tue, last fri, or last alone',
    });
  }
  const dayOfWeek = (named + 1) % 7;
  return [nth === 0 ? { is: 'lastDayOfWeek', dayOfWeek } : { is: 'nthDayOfWeek', dayOfWeek, nth }];
}

function parseList(field: ValueField, text: string): number[] {
  const values = trimmedItems(text).flatMap((item) => {
    if (/[a-z]/i.test(item.text) && /[\d/]/.test(item.text))
      throw new Fault({ at: item.at, rule: 'numbers and steps do not mix with names', fix: 'write numbers, or a list of names' });
    return parseValues(field, item.text, item.at);
  });
  return sorted(values);
}

/** Blanks may stand around the commas. */
function trimmedItems(text: string): Piece[] {
  return itemsOf(text, 0).map((item) => ({ text: item.text.trim(), at: item.at + item.text.length - item.text.trimStart().length }));
}
