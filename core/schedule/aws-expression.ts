import { parseAwsCron } from './aws-cron.ts';
import { Fault } from './fault.ts';
import type { AtSchedule, RateSchedule, Schedule } from './schedule.ts';
import { readWallTime } from './wall-time.ts';

/** EventBridge takes no longer expression (API reference: 1-256). */
export const MAX_EXPRESSION_LENGTH = 256;

const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 };
/** What EventBridge itself takes; our own language has the others, too. */
export const AWS_UNITS = ['minute', 'hour', 'day'];
export const ALL_UNITS = ['second', 'minute', 'hour', 'day', 'week'];

/** Some ten thousand years: far above any use, far below where milliseconds stop being exact. */
const MAX_RATE_DAYS = 3_650_000;
export const MAX_RATE_SECONDS = MAX_RATE_DAYS * 86_400;
export const RATE_LIMITS = `from 1 second to ${MAX_RATE_DAYS} days`;

/**
 * Parses `cron(...)`, `rate(...)` or `at(...)` exactly as EventBridge Scheduler does, keywords in any case.
 *
 * Throws a Fault that points at the character. `units` are the ones a rate may have.
 */
export function parseAwsExpression(text: string, units: readonly string[] = AWS_UNITS): Schedule {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw new Fault({ at: MAX_EXPRESSION_LENGTH, rule: `a schedule has at most ${MAX_EXPRESSION_LENGTH} characters`, fix: 'shorten it' });
  }
  const open = text.indexOf('(');
  const keyword = text.slice(0, Math.max(open, 0)).toLowerCase();
  const [body, offset] = [text.slice(open + 1, -1), open + 1];
  if (!['cron', 'rate', 'at'].includes(keyword)) {
    throw new Fault({
      at: 0,
      rule: 'an expression is cron(...), rate(...) or at(...), with nothing before the keyword',
      fix: 'for example cron(0 8 ? * MON-FRI *), rate(5 minutes) or at(2027-01-05T09:00:00)',
    });
  }
  if (!text.endsWith(')')) {
    const close = text.lastIndexOf(')') + 1;
    if (close > 0) {
      const rest = JSON.stringify(text.slice(close, close + 40));
      throw new Fault({ at: close, rule: `nothing follows the closing parenthesis, received ${rest}`, fix: 'remove it' });
    }
    throw new Fault({ at: text.length, rule: 'an expression ends with a closing parenthesis', fix: 'add ")" at the end' });
  }
  if (keyword === 'cron') return parseAwsCron(body, offset);
  return keyword === 'rate' ? parseRate(body, offset, units) : parseAt(body, offset);
}

function parseRate(body: string, offset: number, units: readonly string[]): RateSchedule {
  const match = /^(\d+) +([A-Za-z]+)$/.exec(body);
  const unit = match?.[2]?.toLowerCase().replace(/s$/, '') ?? '';
  const seconds = Number(match?.[1]) * (SECONDS[unit] ?? 0);
  if (!match || !units.includes(unit)) {
    throw new Fault({
      at: offset,
      rule: `a rate is rate(<whole number> <unit>), the unit one of ${units.map((name) => `${name}(s)`).join(', ')}, received ${quoted(body)}`,
      fix: 'for example rate(5 minutes)',
    });
  }
  if (seconds < 1 || seconds > MAX_RATE_SECONDS) {
    throw new Fault({ at: offset, rule: `a rate is ${RATE_LIMITS}, received ${quoted(body)}`, fix: `for example rate(1 ${unit})` });
  }
  return { kind: 'rate', seconds };
}

function parseAt(body: string, offset: number): AtSchedule {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/i.test(body)) {
    throw new Fault({
      at: offset,
      rule: `an at is at(yyyy-mm-ddThh:mm:ss), in the time zone beside it, without Z, offset or fractions, received ${quoted(body)}`,
      fix: 'for example at(2027-01-05T09:00:00)',
    });
  }
  return { kind: 'at', wallTime: readWallTime(body, offset) };
}

function quoted(received: string): string {
  return JSON.stringify(received.slice(0, 40));
}
