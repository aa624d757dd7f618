/**
 * A second, dumb calendar, written apart from core's: it goes through every minute, asks the platform what the clock on the wall
 * shows, and looks up the sets of a plan.
 */

/** When a plan is due, as sets; undefined admits everything. */
export interface Plan {
  /** EventBridge's spelling of the same. */
  readonly text: string;
  readonly minutes?: readonly number[];
  readonly hours?: readonly number[];
  readonly months?: readonly number[];
  /** Whether a date is admitted: day of the month, month from 1, day of the week from 0 = Sunday, days in the month. */
  readonly day?: (day: number, month: number, weekday: number, length: number) => boolean;
}

/** What a wall clock shows in one minute. */
export interface Shown {
  readonly instant: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  /** Days in the month. */
  readonly length: number;
  /** Whether the clock had shown this before, in the hours just past. */
  readonly isRepeated: boolean;
}

const MINUTE = 60_000;

/** Reads the wall clock of a zone in minutes since the epoch, as if it stood in UTC. */
export function wallClock(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (instant) => Date.parse(`${format.format(instant).replace(' ', 'T')}:00Z`) / MINUTE;
}

/** What the clock shows in each minute from an instant up to before another. */
export function minutesShown(read: (instant: number) => number, from: number, to: number): Shown[] {
  const before = new Set<number>();
  const minutes: Shown[] = [];
  // Three hours ahead, so that the first minutes know what was shown before them.
  for (let instant = from - 180 * MINUTE; instant < to; instant += MINUTE) {
    const wall = read(instant);
    if (instant >= from) minutes.push({ instant, ...partsOf(wall), isRepeated: before.has(wall) });
    before.add(wall);
  }
  return minutes;
}

function partsOf(wall: number): Omit<Shown, 'instant' | 'isRepeated'> {
  const date = new Date(wall * MINUTE);
  const month = date.getUTCMonth() + 1;
  return {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month,
    weekday: date.getUTCDay(),
    length: new Date(Date.UTC(date.getUTCFullYear(), month, 0)).getUTCDate(),
  };
}

/** The due times of a plan among some minutes. */
export function dueAmong({ minutes, hours, months, day }: Plan, shown: readonly Shown[]): number[] {
  const isDue = (at: Shown) =>
    // A cron that names its hours has its say in the first pass only.
    !(at.isRepeated && hours !== undefined) &&
    (minutes?.includes(at.minute) ?? true) &&
    (hours?.includes(at.hour) ?? true) &&
    (months?.includes(at.month) ?? true) &&
    (day?.(at.day, at.month, at.weekday, at.length) ?? true);
  return shown.filter(isDue).map(({ instant }) => instant);
}
