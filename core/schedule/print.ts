import { MAX_EXPRESSION_LENGTH } from './aws-expression.ts';
import { DAY_NAMES } from './names.ts';
import type { CronField, CronSchedule, DayTerm, Schedule } from './schedule.ts';
import { admitsEvery, BOUNDS } from './schedule.ts';
import type { CronFields, Spelling } from './spelling.ts';
import { writeWallTime } from './wall-time.ts';

/** The one spelling of a schedule: EventBridge's where it has one, else a crontab's, else an object of fields. */
export function printSchedule(schedule: Schedule): Spelling {
  switch (schedule.kind) {
    case 'rate':
      return printRate(schedule.seconds);
    case 'at':
      return 'instant' in schedule ? { type: 'at', at: `${writeWallTime(schedule.instant)}Z` } : `at(${writeWallTime(schedule.wallTime)})`;
    case 'cron':
      return printAwsCron(schedule) ?? printUnixCron(schedule) ?? printCronFields(schedule);
  }
}

/** A rate in the largest of EventBridge's units that it is a multiple of; in seconds when it is no whole minutes. */
export function printRate(seconds: number): string {
  const { value, unit } = rateIn(seconds);
  return `rate(${value} ${unit}${value === 1 ? '' : 's'})`;
}

/** A period as a number of the largest unit, up to days, that it is a multiple of. */
export function rateIn(seconds: number): { value: number; unit: string } {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return { value: seconds / length, unit };
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A cron in EventBridge's spelling; undefined when EventBridge cannot say it. */
export function printAwsCron(cron: CronSchedule): string | undefined {
  const days = printAwsDays(cron);
  const text = isOnTheMinute(cron) && days && printAwsSets(cron, days);
  return text && text.length <= MAX_EXPRESSION_LENGTH ? text : undefined;
}

/** The six fields of EventBridge, the two of days given as text. */
export function printAwsSets(
  sets: Pick<CronSchedule, 'minute' | 'hour' | 'month' | 'year'>,
  [dayOfMonth, dayOfWeek]: readonly [string, string],
): string {
  const field = (name: keyof typeof sets) => printValues(sets[name], BOUNDS[name]);
  return `cron(${field('minute')} ${field('hour')} ${dayOfMonth} ${field('month')} ${dayOfWeek} ${field('year')})`;
}

function isOnTheMinute({ second }: CronSchedule): boolean {
  return second.length === 1 && second[0] === 0;
}

function printAwsDays({ days }: CronSchedule): [string, string] | undefined {
  const [group, ...others] = days;
  if (!group) return ['*', '?'];
  const [term, ...more] = group;
  return others.length > 0 || more.length > 0 || !term ? undefined : printAwsDay(term);
}

/** One condition on days as EventBridge's fields day-of-month and day-of-week. */
export function printAwsDay(term: DayTerm): [string, string] | undefined {
  switch (term.is) {
    case 'daysOfMonth':
      return [printValues(term.values, { min: 1, max: 31 }), '?'];
    case 'lastDayOfMonth':
      return ['L', '?'];
    case 'lastWeekdayOfMonth':
      return ['LW', '?'];
    case 'weekdayNearest':
      return [`${term.dayOfMonth}W`, '?'];
    case 'daysOfWeek':
      return ['?', printNamed(term.values)];
    case 'nthDayOfWeek':
      return ['?', `${term.dayOfWeek + 1}#${term.nth}`];
    case 'lastDayOfWeek':
      return ['?', `${term.dayOfWeek + 1}L`];
    case 'isoWeeks':
      return undefined;
  }
}

/** Only what a crontab says and EventBridge does not: two day fields of which either admits a day. */
function printUnixCron(cron: CronSchedule): string | undefined {
  const [group, ...others] = cron.days;
  const [days, weekdays, ...more] = group ?? [];
  if (!isOnTheMinute(cron) || !admitsEvery('year', cron) || others.length > 0 || more.length > 0) return undefined;
  if (days?.is !== 'daysOfMonth' || weekdays?.is !== 'daysOfWeek') return undefined;
  const field = (name: CronField) => printValues(cron[name], BOUNDS[name]);
  return [field('minute'), field('hour'), listed(days.values), field('month'), listed(weekdays.values)].join(' ');
}

function printCronFields(cron: CronSchedule): CronFields {
  const field = (name: CronField) => (admitsEvery(name, cron) ? {} : { [name]: printValues(cron[name], BOUNDS[name]) });
  const days = Object.assign({}, ...cron.days.map(printGroup)) as Partial<CronFields>;
  return {
    type: 'cron',
    ...field('year'),
    ...field('month'),
    ...days,
    ...field('hour'),
    ...field('minute'),
    second: printValues(cron.second, BOUNDS.second),
  };
}

function printGroup(group: readonly DayTerm[]): Partial<CronFields> {
  const [first] = group;
  if (first?.is === 'isoWeeks') return { week: printValues(first.values, { min: 1, max: 53 }) };
  if (first?.is === 'daysOfWeek') return { dayOfWeek: first.values.map((value) => DAY_NAMES[value]?.toLowerCase()).join(',') };
  return { day: group.map(printDay).join(',') };
}

function printDay(term: DayTerm): string {
  const name = (day: number) => DAY_NAMES[day]?.toLowerCase();
  if (term.is === 'daysOfMonth') return listed(term.values);
  if (term.is === 'nthDayOfWeek') return `${['1st', '2nd', '3rd', '4th', '5th'][term.nth - 1]} ${name(term.dayOfWeek)}`;
  return term.is === 'lastDayOfWeek' ? `last ${name(term.dayOfWeek)}` : 'last';
}

/** Values as `*`, `a/step`, or a list of values and ranges. */
function printValues(values: readonly number[], { min, max }: { min: number; max: number }): string {
  const [first = min, second = first] = values;
  if (values.length === max - min + 1) return '*';
  const step = second - first;
  const isStepped = values.length > 2 && step > 1 && values.every((value, index) => value === first + index * step);
  return isStepped && first + values.length * step > max ? `${first}/${step}` : listed(values);
}

/** Values as a list in which three or more that follow one another are a range. */
function listed(values: readonly number[]): string {
  return rangesOf(values)
    .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
    .join(',');
}

function printNamed(values: readonly number[]): string {
  return rangesOf(values)
    .map(([from, to]) => (from === to ? DAY_NAMES[from] : `${DAY_NAMES[from]}-${DAY_NAMES[to]}`))
    .join(',');
}

/** Runs of three or more as ranges, everything else as a range of one. */
function rangesOf(values: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (let index = 0; index < values.length; ) {
    const from = values[index] as number;
    let length = 1;
    while (values[index + length] === from + length) length++;
    const taken = length > 2 ? length : 1;
    ranges.push([from, from + taken - 1]);
    index += taken;
  }
  return ranges;
}
