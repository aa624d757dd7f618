import { DAYS, MONTHS } from './names.ts';
import type { Timing } from './occurrences.ts';
import { rateIn } from './print.ts';
import type { CronSchedule, DayTerm } from './schedule.ts';
import { admitsEvery, unreachable } from './schedule.ts';
import { writeWallTime } from './wall-time.ts';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
/** Above this many times a day, they are told as minutes of hours. */
const TIMES_WORTH_LISTING = 4;

/** Says in English when a job is due: "At 08:00 on Mondays, Berlin time". */
export function describe({ schedule, zone }: Pick<Timing, 'schedule' | 'zone'>): string {
  switch (schedule.kind) {
    case 'rate': {
      const { value, unit } = rateIn(schedule.seconds);
      return value === 1 ? `Every ${unit}` : `Every ${value} ${unit}s`;
    }
    case 'at': {
      const wallTime = 'instant' in schedule ? schedule.instant + zone.segmentAt(schedule.instant).offset : schedule.wallTime;
      return `Once at ${writeWallTime(wallTime).replace('T', ' ')}, ${describeZone(zone.name)}`;
    }
    case 'cron':
      return `${describeTimes(schedule)}${describeDays(schedule)}${describeMonths(schedule)}${describeYears(schedule)}, ${describeZone(zone.name)}`;
    default:
      return unreachable(schedule);
  }
}

function describeZone(name: string): string {
  return name.includes('/') ? `${name.slice(name.lastIndexOf('/') + 1).replaceAll('_', ' ')} time` : name;
}

function describeTimes(cron: CronSchedule): string {
  const { second, minute, hour } = cron;
  const everyHour = admitsEvery('hour', cron);
  if (!everyHour && second.length * minute.length * hour.length <= TIMES_WORTH_LISTING) {
    return `At ${listed(hour.flatMap((h) => minute.flatMap((m) => second.map((s) => clock(h, m, s)))))}`;
  }
  const seconds = describeSeconds(second);
  const minutes = describeMinutes(minute);
  const within = seconds === '' ? minutes : minutes === 'Every minute' ? seconds : `${seconds}, ${minutes.toLowerCase()}`;
  if (everyHour) return within;
  const step = stepOf(hour, 24);
  if (step && minute.length === 1 && seconds === '') return `Every ${step} hours, starting at ${clock(hour[0] ?? 0, minute[0] ?? 0, 0)}`;
  if (minute.length === 1 && seconds === '' && !spanOf(hour)) return `At ${listed(hour.map((h) => clock(h, minute[0] ?? 0, 0)))}`;
  const between = hour.length === 1 ? { from: hour[0] ?? 0, to: hour[0] ?? 0 } : spanOf(hour);
  return between
    ? `${within} from ${clock(between.from, 0, 0)} to ${clock(between.to, 59, 0)}`
    : `${within}, in the hours ${listed(hour.map((h) => clock(h, 0, 0)))}`;
}

/** Nothing when it is the start of the minute. */
function describeSeconds(second: readonly number[]): string {
  if (second.length === 1 && second[0] === 0) return '';
  const step = stepOf(second, 60);
  if (step === 1) return 'Every second';
  if (step) return `Every ${step} seconds${second[0] ? `, starting ${count(second[0], 'second')} past the minute` : ''}`;
  const span = spanOf(second);
  return span ? `Every second from ${span.from} to ${span.to} past the minute` : `At ${listed(second.map(String))} seconds past the minute`;
}

function describeMinutes(minute: readonly number[]): string {
  const step = stepOf(minute, 60);
  if (step === 1) return 'Every minute';
  if (step) return `Every ${step} minutes${minute[0] ? `, starting ${count(minute[0], 'minute')} past the hour` : ''}`;
  if (minute.length === 1) return minute[0] === 0 ? 'Every hour' : `Every hour at ${count(minute[0] ?? 0, 'minute')} past`;
  const span = spanOf(minute);
  return span ? `Every minute from ${span.from} to ${span.to} past the hour` : `At ${listed(minute.map(String))} minutes past the hour`;
}

function describeDays({ days }: CronSchedule): string {
  return days.map((group, index) => `${index === 0 ? ' ' : ', but only '}${group.map(describeDay).join(' or ')}`).join('');
}

function describeDay(term: DayTerm): string {
  switch (term.is) {
    case 'daysOfMonth': {
      const span = spanOf(term.values);
      return span
        ? `from the ${ordinal(span.from)} to the ${ordinal(span.to)} of the month`
        : `on the ${listed(term.values.map(ordinal))} of the month`;
    }
    case 'lastDayOfMonth':
      return 'on the last day of the month';
    case 'lastWeekdayOfMonth':
      return 'on the last weekday of the month';
    case 'weekdayNearest':
      return `on the weekday nearest the ${ordinal(term.dayOfMonth)} of the month`;
    case 'daysOfWeek': {
      const span = spanOf(term.values);
      return span ? `from ${DAYS[span.from]} to ${DAYS[span.to]}` : `on ${listed(term.values.map((day) => `${DAYS[day]}s`))}`;
    }
    case 'nthDayOfWeek':
      return `on the ${ORDINALS[term.nth - 1]} ${DAYS[term.dayOfWeek]} of the month`;
    case 'lastDayOfWeek':
      return `on the last ${DAYS[term.dayOfWeek]} of the month`;
    case 'isoWeeks':
      return `in ISO week${term.values.length === 1 ? '' : 's'} ${listed(term.values.map(String))}`;
    default:
      return unreachable(term);
  }
}

function describeMonths(cron: CronSchedule): string {
  if (admitsEvery('month', cron)) return '';
  const { month } = cron;
  const span = spanOf(month);
  const name = (value: number) => MONTHS[value - 1] ?? '';
  return span ? ` from ${name(span.from)} to ${name(span.to)}` : ` in ${listed(month.map(name))}`;
}

function describeYears(cron: CronSchedule): string {
  if (admitsEvery('year', cron)) return '';
  const { year } = cron;
  const span = spanOf(year);
  const [first = 0, second = 0] = year;
  if (year.length > TIMES_WORTH_LISTING && year.every((one, n) => one === first + n * (second - first)) && !span)
    return ` every ${second - first} years from ${first} to ${year.at(-1)}`;
  return span ? ` from ${span.from} to ${span.to}` : ` in ${listed(year.map(String))}`;
}

/** The step n when the values are every n-th of a field of that size, from below n. */
function stepOf(values: readonly number[], size: number): number | undefined {
  const [first = 0, second] = values;
  const step = second === undefined ? size : second - first;
  if (size % step !== 0 || first >= step || values.length !== size / step || step === size) return undefined;
  return values.every((value, index) => value === first + index * step) ? step : undefined;
}

/** The ends of three or more values that follow one another. */
function spanOf(values: readonly number[]): { from: number; to: number } | undefined {
  const [from, to] = [values[0], values.at(-1)];
  return from !== undefined && to !== undefined && values.length > 2 && to - from === values.length - 1 ? { from, to } : undefined;
}

function clock(hour: number, minute: number, second: number): string {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function count(value: number, unit: string): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

function ordinal(value: number): string {
  const suffix = value % 100 >= 11 && value % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
