import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Fault } from '../../../core/schedule/fault.ts';
import { nextOccurrences } from '../../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';
import { printSchedule } from '../../../core/schedule/print.ts';
import type { CronFields } from '../../../core/schedule/spelling.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { iso } from '../../support/timing.ts';

interface Case {
  readonly fields: Record<string, string | number>;
  readonly timezone: string;
  readonly after: string;
  readonly next: readonly string[];
}

/** What APScheduler 3 makes of its cron fields: see apscheduler-cases.py. */
const { valid, invalid, until } = JSON.parse(readFileSync(new URL('./apscheduler-cases.json', import.meta.url), 'utf8')) as {
  valid: Case[];
  invalid: { fields: Record<string, string | number> }[];
  until: string;
};

const toFields = ({ day_of_week: dayOfWeek, ...fields }: Record<string, string | number>): CronFields => ({
  type: 'cron',
  ...fields,
  ...(dayOfWeek !== undefined && { dayOfWeek }),
});

function found({ fields, timezone, after }: Case) {
  const zone = zoneNamed(timezone);
  if (!zone) throw new Error(timezone);
  const timing = { schedule: parseSchedule(toFields(fields)), zone, start: null, end: Date.parse(until) - 1, anchor: 0, since: 0 };
  return nextOccurrences(timing, Date.parse(after), 6).map(iso);
}

it(`has the due times of APScheduler for ${valid.length} sets of fields`, () => {
  expect(valid.length).toBeGreaterThan(1_000);
  const wrong = valid.map((one) => ({ ...one, found: found(one) })).filter((one) => JSON.stringify(one.found) !== JSON.stringify(one.next));
  expect(wrong.slice(0, 5)).toEqual([]);
});

it(`refuses what APScheduler refuses: ${invalid.length} sets of fields`, () => {
  const accepted = invalid.filter(({ fields }) => {
    try {
      return parseSchedule(toFields(fields)) !== undefined;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return false;
    }
  });
  expect(accepted).toEqual([]);
});

it('prints each of them in a spelling that means the same', () => {
  const changed = valid.filter(({ fields }) => {
    const schedule = parseSchedule(toFields(fields));
    return JSON.stringify(parseSchedule(printSchedule(schedule))) !== JSON.stringify(schedule);
  });
  expect(changed.slice(0, 5)).toEqual([]);
});
