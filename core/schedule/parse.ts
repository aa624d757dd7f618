import { parseAwsCron } from './aws-cron.ts';
import { Fault } from './fault.ts';
import type { AtSchedule, RateSchedule, RateUnit, Schedule } from './schedule.ts';
import { YEARS } from './schedule.ts';

/** EventBridge takes no longer expression (API reference: 1-256). */
export const MAX_EXPRESSION_LENGTH = 256;

const UNITS: Record<string, RateUnit> = { minute: 'minute', minutes: 'minute', hour: 'hour', hours: 'hour', day: 'day', days: 'day' };

/** Ten thousand years of minutes: far above any use, far below where milliseconds stop being exact. */
const MAX_RATE_VALUE = 5_256_000_000;

/**
 * Parses a schedule in EventBridge's spelling: `cron(...)`, `rate(...)` or `at(...)`, keywords in any case.
 *
 * Throws a Fault that points at the character.
 */
export function parseSchedule(text: string): Schedule {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw new Fault({ at: MAX_EXPRESSION_LENGTH, rule: `a schedule has at most ${MAX_EXPRESSION_LENGTH} characters`, fix: 'shorten it' });
  }
  const open = text.indexOf('(');
  const keyword = text.slice(0, Math.max(open, 0)).toLowerCase();
  const parse = keyword === 'cron' ? parseAwsCron : keyword === 'rate' ? parseRate : keyword === 'at' ? parseAt : undefined;
  if (!parse) {
    throw new Fault({
      at: 0,
      rule: 'a schedule is cron(...), rate(...) or at(...), with nothing before the keyword',
      fix: 'for example cron(0 8 ? * MON-FRI *), rate(5 minutes) or at(2027-01-05T09:00:00)',
    });
  }
  if (!text.endsWith(')')) {
    throw new Fault({ at: text.length, rule: 'a schedule ends with a closing parenthesis', fix: 'add ")" at the end' });
  }
  return parse(text.slice(open + 1, -1), open + 1);
}

function parseRate(body: string, offset: number): RateSchedule {
  const match = /^(\d{1,12}) +([A-Za-z]+)$/.exec(body);
  const unit = match?.[2] && UNITS[match[2].toLowerCase()];
  const value = Number(match?.[1]);
  if (!match || !unit) {
    throw new Fault({
      at: offset,
      rule: 'a rate is rate(<whole number> <unit>), the unit one of minute(s), hour(s), day(s)',
      fix: 'for example rate(5 minutes)',
    });
  }
  if (value < 1 || value > MAX_RATE_VALUE) {
    throw new Fault({ at: offset, rule: `a rate's number is from 1 to ${MAX_RATE_VALUE}`, fix: `for example rate(1 ${unit})` });
  }
  return { kind: 'rate', value, unit };
}

function parseAt(body: string, offset: number): AtSchedule {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/i.exec(body);
  if (!match) {
    throw new Fault({
      at: offset,
      rule: 'an at is at(yyyy-mm-ddThh:mm:ss), in the time zone beside it, without Z, offset or fractions',
      fix: 'for example at(2027-01-05T09:00:00)',
    });
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wallTime = Date.UTC(year, month - 1, day, hour, minute, second);
  const shown = new Date(wallTime).toISOString();
  if (!shown.startsWith(`${body.slice(0, 10)}T${body.slice(11, 16)}`) || second > 59 || year < YEARS.min || year > YEARS.max) {
    throw new Fault({ at: offset, rule: 'the date and time of an at exist, from 1970 to 2199', fix: 'correct the date' });
  }
  return { kind: 'at', wallTime };
}
