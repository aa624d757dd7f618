import { ALL_UNITS, MAX_EXPRESSION_LENGTH, MAX_RATE_SECONDS, parseAwsExpression, RATE_LIMITS } from './aws-expression.ts';
import { Fault } from './fault.ts';
import { parseCronFields } from './field-cron.ts';
import type { AtSchedule, RateSchedule, Schedule } from './schedule.ts';
import { unreachable } from './schedule.ts';
import type { AtFields, RateFields, Spelling } from './spelling.ts';
import { RATE_FIELDS, type RateFieldName } from './spelling.ts';
import { parseUnixCron } from './unix-cron.ts';
import { readWallTime } from './wall-time.ts';

/**
 * Parses a schedule in any spelling: EventBridge's, with rates in seconds and weeks as well; five crontab fields; an object
 * of fields. Throws a Fault that points at the character, and at the member of an object.
 */
export function parseSchedule(spelling: Spelling): Schedule {
  if (typeof spelling === 'string') {
    const isCrontab = !spelling.includes('(') && spelling.length <= MAX_EXPRESSION_LENGTH;
    return isCrontab ? parseUnixCron(spelling) : parseAwsExpression(spelling, ALL_UNITS);
  }
  switch (spelling.type) {
    case 'cron':
      return parseCronFields(spelling);
    case 'rate':
      return parseRateFields(spelling);
    case 'at':
      return parseAtFields(spelling);
    default:
      return unreachable(spelling);
  }
}

function parseRateFields(fields: RateFields): RateSchedule {
  let seconds = 0;
  for (const name of Object.keys(RATE_FIELDS) as RateFieldName[]) seconds += (fields[name] ?? 0) * RATE_FIELDS[name];
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_RATE_SECONDS) return { kind: 'rate', seconds };
  throw new Fault({
    at: 0,
    rule: `the sum of a rate is ${RATE_LIMITS}, received ${seconds} seconds`,
    fix: 'for example { "type": "rate", "minutes": 5 }',
  });
}

/** Blank or `T` between date and time; a date alone is its midnight. */
function parseAtFields({ at }: AtFields): AtSchedule {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.0{1,6})?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(at);
  if (!match) {
    throw new Fault({
      at: 0,
      rule: 'at is a date and time to the second, local to the time zone beside it or with Z or an offset',
      fix: 'for example 2027-01-05T09:00:00 or 2027-01-05T09:00:00+01:00',
      member: 'at',
    });
  }
  const [, date, time = '00:00', offset] = match;
  try {
    const wallTime = readWallTime(`${date}T${time}`, 0);
    return offset === undefined ? { kind: 'at', wallTime } : { kind: 'at', instant: wallTime - readOffset(offset) };
  } catch (error) {
    throw error instanceof Fault ? new Fault({ at: error.at, rule: error.rule, fix: error.fix, member: 'at' }) : error;
  }
}

/** `Z`, `+01:00` or `+0100`, in milliseconds. */
function readOffset(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const digits = offset.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  if (Number(digits.slice(3, 5)) > 59)
    throw new Fault({ at: 0, rule: 'the minutes of an offset are from 00 to 59', fix: 'correct the offset' });
  if (minutes > 14 * 60) throw new Fault({ at: 0, rule: 'an offset is at most 14 hours', fix: 'correct the offset' });
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000;
}
