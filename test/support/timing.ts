import type { Timing } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import type { Spelling } from '../../core/schedule/spelling.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';

interface Options {
  readonly zone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly anchor?: string;
}

/** A timing from texts, or from a schedule of fields. */
export function timing(schedule: Spelling, { zone: name = 'UTC', start, end, anchor = '2027-01-01T00:00:00Z' }: Options = {}): Timing {
  const zone = zoneNamed(name);
  if (!zone) throw new Error(`no zone ${name}`);
  const instant = (text: string | undefined) => (text === undefined ? null : Date.parse(text));
  return {
    schedule: parseSchedule(schedule),
    zone,
    start: instant(start),
    end: instant(end),
    anchor: Date.parse(start ?? anchor),
    since: Date.parse(anchor),
  };
}

export function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString().replace('.000Z', 'Z');
}
