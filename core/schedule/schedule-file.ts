import { Fault } from './fault.ts';
import { parseSchedule } from './parse.ts';
import type { Instant } from './schedule.ts';
import { CRON_FIELDS, type CronFieldName, RATE_FIELDS, type RateFieldName, type ScheduleFields } from './spelling.ts';
import { instantsOf, type Zone, zoneNamed } from './zone.ts';

/** What a `.schedule` file says. */
export interface ScheduleFile {
  readonly title: string | null;
  readonly schedule: ScheduleFields;
  readonly timezone: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
}

interface Line {
  readonly number: number;
  readonly value: string;
}

const TYPES: Record<string, ScheduleFields['type']> = { cron: 'cron', interval: 'rate', rate: 'rate', date: 'at', at: 'at' };
const OTHER_KEYS = ['type', 'runDate', 'timezone', 'startDate', 'endDate'] as const;
const KEYS: readonly string[] = [...CRON_FIELDS, ...Object.keys(RATE_FIELDS), ...OTHER_KEYS];

/**
 * Reads a `.schedule` file: `key=value` lines, blank lines and `#` comments; a first line of another form is a title.
 *
 * Keys are in snake_case or camelCase. Dates without an offset are local to the file's time zone. Throws an Error that names
 * the line.
 */
export function readScheduleFile(text: string): ScheduleFile {
  const { title, lines } = readLines(text);
  const type = typeOf(lines);
  const zone =
    at(lines.get('timezone'), (name) => zoneNamed(name) ?? fail('a time zone is an IANA name', 'for example Europe/Berlin')) ??
    zoneNamed('UTC');
  if (!zone) throw new Error('there is no UTC');
  const own = { cron: CRON_FIELDS, rate: Object.keys(RATE_FIELDS), at: ['runDate'] }[type] as readonly string[];
  for (const [key, { number }] of lines) {
    if (![...own, 'type', 'timezone', 'startDate', 'endDate'].includes(key)) {
      throw new Error(`line ${number}: ${key} is no key of a schedule of type ${type}; use ${own.join(', ')}`);
    }
  }
  const schedule = fieldsOf(type, lines);
  const start = at(lines.get('startDate'), (text) => instantOf(text, zone)) ?? null;
  const end = at(lines.get('endDate'), (text) => instantOf(text, zone)) ?? null;
  return { title, schedule, timezone: zone.name, start, end };
}

function readLines(text: string): { title: string | null; lines: Map<string, Line> } {
  const lines = new Map<string, Line>();
  let title: string | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const number = index + 1;
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals < 0 && lines.size === 0 && title === null) {
      title = line;
      continue;
    }
    if (equals < 0)
      throw new Error(
        `line ${number}: a line is key=value, received ${JSON.stringify(line.slice(0, 40))}; only the first one may be a title`,
      );
    const key = line
      .slice(0, equals)
      .trim()
      .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!KEYS.includes(key))
      throw new Error(`line ${number}: there is no key ${JSON.stringify(key.slice(0, 40))}; use one of ${KEYS.join(', ')}`);
    if (lines.has(key)) throw new Error(`line ${number}: ${key} is given twice; remove one of them`);
    lines.set(key, { number, value: line.slice(equals + 1).trim() });
  }
  return { title, lines };
}

/** Inferred from the keys where it is not given. */
function typeOf(lines: ReadonlyMap<string, Line>): ScheduleFields['type'] {
  const given = at(
    lines.get('type'),
    (name) =>
      (Object.hasOwn(TYPES, name.toLowerCase()) ? TYPES[name.toLowerCase()] : undefined) ??
      fail(`there is no type ${JSON.stringify(name)}`, 'use cron, interval or date'),
  );
  if (given) return given;
  if (lines.has('runDate')) return 'at';
  if (Object.keys(RATE_FIELDS).some((key) => lines.has(key))) return 'rate';
  if (CRON_FIELDS.some((key) => lines.has(key))) return 'cron';
  throw new Error(`line 1: the file names no time; use one of ${KEYS.join(', ')}`);
}

function fieldsOf(type: ScheduleFields['type'], lines: ReadonlyMap<string, Line>): ScheduleFields {
  const values = [...lines].filter(([key]) => key in RATE_FIELDS || CRON_FIELDS.some((name) => name === key));
  const fields: ScheduleFields =
    type === 'at'
      ? { type, at: lines.get('runDate')?.value ?? '' }
      : type === 'cron'
        ? { type, ...(Object.fromEntries(values.map(([key, { value }]) => [key, value])) as Partial<Record<CronFieldName, string>>) }
        : {
            type,
            ...(Object.fromEntries(values.map(([key, line]) => [key, wholeNumber(line)])) as Partial<Record<RateFieldName, number>>),
          };
  try {
    parseSchedule(fields);
    return fields;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const key = error.member === 'at' ? 'runDate' : (error.member ?? '');
    throw new Error(`line ${lines.get(key)?.number ?? 1}: ${error.rule}; ${error.fix}`);
  }
}

function wholeNumber({ number, value }: Line): number {
  if (/^\d{1,12}$/.test(value)) return Number(value);
  throw new Error(
    `line ${number}: a number of weeks, days, hours, minutes or seconds is a whole number, received ${JSON.stringify(value.slice(0, 40))}`,
  );
}

function instantOf(text: string, zone: Zone): Instant {
  const parsed = parseSchedule({ type: 'at', at: text });
  if (parsed.kind !== 'at') throw new Error('an at is an at');
  return 'instant' in parsed
    ? parsed.instant
    : (instantsOf(parsed.wallTime, zone)[0] ?? fail('clocks jump over that time', 'use another one'));
}

/** Reads the value of a line; what is wrong with it is told with the line's number. */
function at<T>(line: Line | undefined, read: (value: string) => T): T | undefined {
  if (!line) return undefined;
  try {
    return read(line.value);
  } catch (error) {
    throw new Error(
      `line ${line.number}: ${error instanceof Fault ? `${error.rule}; ${error.fix}` : error instanceof Error ? error.message : error}`,
    );
  }
}

function fail(rule: string, fix: string): never {
  throw new Error(`${rule}; ${fix}`);
}
