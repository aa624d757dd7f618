import type { CronSchedule, DayTerm, WallTime } from './schedule.ts';
import { unreachable } from './schedule.ts';

const SECOND = 1_000;

/** The first wall time at or after `from` that the cron admits; undefined when its years are exhausted. */
export function nextMatch(cron: CronSchedule, from: WallTime): WallTime | undefined {
  const at = new Date(Math.ceil(from / SECOND) * SECOND);
  const [fromYear, fromMonth, fromDay] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  for (const year of cron.year) {
    if (year < fromYear) continue;
    for (const month of cron.month) {
      if (year === fromYear && month < fromMonth) continue;
      const sameMonth = year === fromYear && month === fromMonth;
      for (const day of admittedDays(cron.days, year, month)) {
        if (sameMonth && day < fromDay) continue;
        const time = sameMonth && day === fromDay ? nextTime(cron, at) : firstTime(cron);
        if (time !== undefined) return Date.UTC(year, month - 1, day) + time;
      }
    }
  }
  return undefined;
}

function firstTime(cron: CronSchedule): number {
  return timeOfDay(cron.hour[0] ?? 0, cron.minute[0] ?? 0, cron.second[0] ?? 0);
}

/** The first admitted time of day at or after that of `at`, largest unit first. */
function nextTime(cron: CronSchedule, at: Date): number | undefined {
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  const [firstMinute, firstSecond] = [cron.minute[0] ?? 0, cron.second[0] ?? 0];
  if (cron.hour.includes(hour)) {
    if (cron.minute.includes(minute)) {
      const sameMinute = cron.second.find((value) => value >= second);
      if (sameMinute !== undefined) return timeOfDay(hour, minute, sameMinute);
    }
    const sameHour = cron.minute.find((value) => value > minute);
    if (sameHour !== undefined) return timeOfDay(hour, sameHour, firstSecond);
  }
  const laterHour = cron.hour.find((value) => value > hour);
  return laterHour === undefined ? undefined : timeOfDay(laterHour, firstMinute, firstSecond);
}

function timeOfDay(hour: number, minute: number, second: number): number {
  return ((hour * 60 + minute) * 60 + second) * SECOND;
}

/** The days of that month (1-12) that every group admits, in order. */
export function admittedDays(groups: CronSchedule['days'], year: number, month: number): number[] {
  const calendarMonth = monthOf(year, month);
  const days: number[] = [];
  for (let day = 1; day <= calendarMonth.length; day++) {
    if (groups.every((group) => group.some((term) => admits(term, day, calendarMonth)))) days.push(day);
  }
  return days;
}

interface CalendarMonth {
  readonly length: number;
  /** The day of the week (0 = Sunday) of day 1. */
  readonly firstDayOfWeek: number;
}

function monthOf(year: number, month: number): CalendarMonth {
  return {
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    firstDayOfWeek: new Date(Date.UTC(year, month - 1, 1)).getUTCDay(),
  };
}

function admits(term: DayTerm, day: number, month: CalendarMonth): boolean {
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
    default:
      return unreachable(term);
  }
}

function dayOfWeek(day: number, month: CalendarMonth): number {
  return (month.firstDayOfWeek + day - 1) % 7;
}

/** Monday to Friday nearest to `day`, without leaving the month (Quartz's rule, which AWS follows). */
function nearestWeekday(day: number, month: CalendarMonth): number {
  switch (dayOfWeek(day, month)) {
    case 6:
      return day > 1 ? day - 1 : day + 2;
    case 0:
      return day < month.length ? day + 1 : day - 2;
    default:
      return day;
  }
}
