import { Fault } from './fault.ts';
import type { WallTime } from './schedule.ts';
import { YEARS } from './schedule.ts';

/** Reads `yyyy-mm-dd`, `yyyy-mm-ddThh:mm` or `yyyy-mm-ddThh:mm:ss`; throws a Fault when there is no such date and time. */
export function readWallTime(text: string, at: number): WallTime {
  const part = (from: number, length = 2) => Number(text.slice(from, from + length) || 0);
  const [year, month, day, hour, minute, second] = [part(0, 4), part(5), part(8), part(11), part(14), part(17)];
  const wallTime = Date.UTC(year, month - 1, day, hour, minute, second);
  const shown = Number.isNaN(wallTime) ? '' : writeWallTime(wallTime);
  const given = `${text.slice(0, 10)}T${text.slice(11, 16) || '00:00'}:${text.slice(17, 19) || '00'}`;
  if (shown !== given || year < YEARS.min || year > YEARS.max) {
    throw new Fault({
      at,
      rule: `the date and time exist, from ${YEARS.min} to ${YEARS.max}, received ${JSON.stringify(text)}`,
      fix: 'correct the date',
    });
  }
  return wallTime;
}

/** Writes a wall time as `yyyy-mm-ddThh:mm:ss`. */
export function writeWallTime(wallTime: WallTime): string {
  return new Date(wallTime).toISOString().slice(0, 19);
}
