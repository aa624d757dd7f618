import { describe, expect, it } from 'vitest';
import { describe as inEnglish } from '../../../core/schedule/describe.ts';
import { Fault } from '../../../core/schedule/fault.ts';
import { nextOccurrences } from '../../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';
import { printSchedule } from '../../../core/schedule/print.ts';
import type { Spelling } from '../../../core/schedule/spelling.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { iso } from '../../support/timing.ts';

function timingOf(schedule: Spelling, name = 'UTC') {
  const zone = zoneNamed(name);
  if (!zone) throw new Error(name);
  return { schedule: parseSchedule(schedule), zone, start: null, end: null, anchor: Date.parse('2027-01-01T00:00:00Z'), since: 0 };
}

const next = (schedule: Spelling, zone?: string) =>
  nextOccurrences(timingOf(schedule, zone), Date.parse('2027-01-01T00:00:00Z'), 3).map(iso);

describe('the same schedule in several spellings', () => {
  it.each<[Spelling, Spelling]>([
    ['0 8 * * 1-5', 'cron(0 8 ? * MON-FRI *)'],
    ['*/5 9-17 * * *', 'cron(0/5 9-17 * * ? *)'],
    ['0 0 * * 0', 'cron(0 0 ? * SUN *)'],
    ['0 0 * * 7', 'cron(0 0 ? * 1 *)'],
    ['30 6 1 jan,jul *', 'cron(30 6 1 1,7 ? *)'],
    [{ type: 'cron', dayOfWeek: 'mon-fri', hour: '9' }, 'cron(0 9 ? * MON-FRI *)'],
    [{ type: 'cron', day: 'last', hour: 18, minute: 30 }, 'cron(30 18 L * ? *)'],
    [{ type: 'cron', day: '2nd tue' }, 'cron(0 0 ? * 3#2 *)'],
    [{ type: 'cron', day: 'last fri', hour: 10, minute: 15 }, 'cron(15 10 ? * 6L *)'],
    [{ type: 'cron', month: 6 }, 'cron(0 0 1 6 ? *)'],
    [{ type: 'rate', hours: 1, minutes: 30 }, 'rate(90 minutes)'],
    ['rate(2 weeks)', 'rate(14 days)'],
    ['rate(120 seconds)', 'rate(2 minutes)'],
    [{ type: 'at', at: '2027-01-05 09:00:00' }, 'at(2027-01-05T09:00:00)'],
    [{ type: 'at', at: '2027-01-05' }, 'at(2027-01-05T00:00:00)'],
  ])('%j is %j', (spelling, canonical) => {
    expect(parseSchedule(spelling)).toEqual(parseSchedule(canonical));
  });

  it.each<[Spelling, Spelling]>([
    ['cron(0 8 ? * mon-fri)', 'cron(0 8 ? * MON-FRI *)'],
    ['0 0 13 * 5', '0 0 13 * 5'],
    ['rate(90 seconds)', 'rate(90 seconds)'],
    [
      { type: 'cron', second: '0,30' },
      { type: 'cron', second: '0,30' },
    ],
    [
      { type: 'cron', week: 10, dayOfWeek: 'mon' },
      { type: 'cron', week: '10', dayOfWeek: 'mon', hour: '0', minute: '0', second: '0' },
    ],
    [
      { type: 'at', at: '2027-01-05T09:00:00+01:00' },
      { type: 'at', at: '2027-01-05T08:00:00Z' },
    ],
  ])('%j is printed as %j', (spelling, printed) => {
    expect(printSchedule(parseSchedule(spelling))).toEqual(printed);
  });
});

describe('day fields', () => {
  it('of a crontab: either one when both are set', () => {
    expect(next('0 0 13 * 5')).toEqual(['2027-01-08T00:00:00Z', '2027-01-13T00:00:00Z', '2027-01-15T00:00:00Z']);
  });
  it('of a crontab: both when one begins with a star, as in Debian', () => {
    expect(next('0 0 */2 * 1')).toEqual(['2027-01-11T00:00:00Z', '2027-01-25T00:00:00Z', '2027-02-01T00:00:00Z']);
  });
  it('of field objects: all of them', () => {
    expect(next({ type: 'cron', day: 13, dayOfWeek: 'fri' })).toEqual([
      '2027-08-13T00:00:00Z',
      '2028-10-13T00:00:00Z',
      '2029-04-13T00:00:00Z',
    ]);
  });
});

describe('in English', () => {
  it.each<[Spelling, string]>([
    ['rate(10 seconds)', 'Every 10 seconds'],
    ['rate(90 seconds)', 'Every 90 seconds'],
    ['rate(2 weeks)', 'Every 14 days'],
    ['0 0 13 * 5', 'At 00:00 on the 13th of the month or on Fridays, UTC'],
    [{ type: 'cron', day: 13, dayOfWeek: 'fri' }, 'At 00:00 on the 13th of the month, but only on Fridays, UTC'],
    [{ type: 'cron', second: '*/10' }, 'Every 10 seconds, UTC'],
    [{ type: 'cron', hour: 9, second: 30 }, 'At 30 seconds past the minute from 09:00 to 09:59, UTC'],
    [{ type: 'cron', hour: 9, minute: 0, second: 30 }, 'At 09:00:30, UTC'],
    [{ type: 'cron', week: 10, dayOfWeek: 'mon', hour: 8 }, 'At 08:00 on Mondays, but only in ISO week 10, UTC'],
    [{ type: 'at', at: '2027-01-05T09:00:00Z' }, 'Once at 2027-01-05 09:00:00, UTC'],
  ])('%j: %s', (spelling, english) => {
    expect(inEnglish(timingOf(spelling))).toBe(english);
  });
});

describe('what cannot be read', () => {
  it.each<[Spelling, string | undefined, RegExp]>([
    ['0 25 * * *', undefined, /hour is from 0 to 23/],
    ['0 22-2 * * *', undefined, /does not run backwards/],
    ['* * * *', undefined, /five crontab fields .* received 4 fields/],
    ['@daily', undefined, /five crontab fields/],
    ['rate(0 seconds)', undefined, /from 1 second to/],
    [{ type: 'cron' }, undefined, /at least one field/],
    [{ type: 'cron', hour: '25' }, 'hour', /hour is from 0 to 23/],
    [{ type: 'cron', day: '6th mon' }, 'day', /day is from 1 to 31/],
    [{ type: 'cron', day: '2nd day' }, 'day', /mon to sun/],
    [{ type: 'cron', dayOfWeek: 'fri-mon' }, 'dayOfWeek', /backwards/],
    [{ type: 'cron', dayOfWeek: 'mon-fri/2' }, 'dayOfWeek', /do not mix/],
    [{ type: 'rate' }, undefined, /from 1/],
    [{ type: 'at', at: '2027-01-05T09:00:00.5' }, 'at', /to the second/],
    [{ type: 'at', at: '2027-01-05T09:00:00+25:00' }, 'at', /14 hours/],
  ])('%j names the member and the rule', (spelling, member, rule) => {
    let fault: unknown;
    try {
      parseSchedule(spelling);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ member, rule: expect.stringMatching(rule) });
  });
});
