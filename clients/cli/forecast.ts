import { scheduleFields } from '../../core/contract/bodies.ts';
import { clockChangeNotes } from '../../core/schedule/clock-changes.ts';
import { describe } from '../../core/schedule/describe.ts';
import { Fault } from '../../core/schedule/fault.ts';
import { nextOccurrence, nextOccurrences, type Timing } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import type { Spelling } from '../../core/schedule/spelling.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';

/** What is asked; everything but the schedule may be left out. */
export interface ForecastRequest {
  readonly schedule?: unknown;
  readonly timezone?: unknown;
  readonly after?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
  readonly n?: unknown;
}

/** When a schedule is due, or what is wrong with it. */
export type Forecast =
  | {
      readonly valid: true;
      readonly description: string;
      readonly timezone: string;
      readonly nextRuns: readonly string[];
      readonly notes: readonly string[];
      /** Why there are no due times. */
      readonly reason?: string;
    }
  | { readonly valid: false; readonly error: ForecastError };

export interface ForecastError {
  /** The member at fault, as a JSON Pointer. */
  readonly pointer: string;
  readonly rule: string;
  readonly fix: string;
}

const MOST = 1_000;

/** Works out when a schedule is due after an instant. */
export function forecast(request: ForecastRequest, now: number): Forecast {
  try {
    const after = instant('after', request?.after) ?? now;
    const zone = zoneNamed(String(request?.timezone ?? 'UTC'));
    if (!zone)
      return wrong(
        '/timezone',
        `a time zone is an IANA name, received ${JSON.stringify(request.timezone)}`,
        'for example Europe/Berlin or UTC',
      );
    const start = instant('start', request?.start) ?? null;
    const end = instant('end', request?.end) ?? null;
    const schedule = parseSchedule(spelling(request?.schedule));
    const anchor = start ?? Math.floor(after / 1000) * 1000;
    const timing: Timing = { schedule, zone, start, end, anchor, since: after };
    const count = request?.n ?? 5;
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MOST)
      throw new Refused('/n', `n is a whole number from 1 to ${MOST}, received ${JSON.stringify(count)}`, 'correct it');
    const nextRuns = nextOccurrences(timing, after, count).map((at) => new Date(at).toISOString().replace('.000Z', 'Z'));
    const reason =
      nextRuns.length === 0
        ? nextOccurrence({ ...timing, start: null, end: null }, -1) === undefined
          ? 'it is never due'
          : 'it is not due any more'
        : undefined;
    return {
      valid: true,
      description: describe(timing),
      timezone: zone.name,
      nextRuns,
      notes: clockChangeNotes(timing, after),
      ...(reason && { reason }),
    };
  } catch (error) {
    if (error instanceof Refused) return wrong(error.pointer, error.rule, error.fix);
    if (error instanceof Fault) {
      const { member, at, rule, fix } = error;
      return wrong(member === undefined ? '/schedule' : `/schedule/${member}`, `character ${at + 1}: ${rule}`, fix);
    }
    throw error;
  }
}

class Refused extends Error {
  readonly pointer: string;
  readonly rule: string;
  readonly fix: string;

  constructor(pointer: string, rule: string, fix: string) {
    super(rule);
    this.pointer = pointer;
    this.rule = rule;
    this.fix = fix;
  }
}

function wrong(pointer: string, rule: string, fix: string): Forecast {
  return { valid: false, error: { pointer, rule, fix } };
}

function instant(name: string, received: unknown): number | undefined {
  if (received === undefined || received === null) return undefined;
  const parsed = typeof received === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/i.test(received) ? Date.parse(received) : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new Refused(
    `/${name}`,
    `an instant is ISO 8601 with Z or an offset, received ${JSON.stringify(received)}`,
    'for example 2027-01-04T07:00:00Z',
  );
}

/** A text, an object of fields, or an object of fields as JSON text. */
function spelling(received: unknown): Spelling {
  if (typeof received === 'string' && !received.trimStart().startsWith('{')) return received;
  const fields = scheduleFields.safeParse(typeof received === 'string' ? json(received) : received);
  if (fields.success) return fields.data;
  const [issue] = fields.error.issues;
  const place = issue?.path.map((part) => `/${String(part)}`).join('') ?? '';
  throw new Refused(`/schedule${place}`, issue?.message ?? 'a schedule is a text or an object with a type', 'see docs/schedules.md');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused('/schedule', `an object of fields is JSON: ${(error as Error).message}`, 'for example {"type":"cron","hour":9}');
  }
}
