import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../core/schedule/fault.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';

function faultOf(text: string): Fault {
  try {
    parseSchedule(text);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('a schedule that cannot be read', () => {
  it.each([
    ['cron(0 25 * * ? *)', 7, /hours is from 0 to 23, received "25"/],
    ['cron(0 8 ? * MONDAY *)', 13, /day-of-week is from 1 to 7 or SUN-SAT/],
    ['cron(0 8 * * * *)', 13, /exactly one .* is \?/],
    ['cron(0 8 ? * ? *)', 9, /exactly one .* is \?/],
    ['cron(0/0 8 * * ? *)', 7, /step of minutes/],
    ['cron(0 8 * * ? 2030-2027)', 15, /range of year does not/],
    ['cron(0 8 * *)', 5, /six fields .* received 4/],
    ['rate(5 months)', 5, /minute\(s\), hour\(s\), day\(s\)/],
    ['rate(0 minutes)', 5, /from 1 second to/],
    ['at(2027-02-30T09:00:00)', 3, /exist/],
    ['at(2027-01-01T09:00:60)', 3, /exist/],
    ['every day', 0, /five crontab fields/],
    ['cron(0 8 * * ? *', 16, /closing parenthesis/],
    ['cron(0 0 1 1 ? *)x', 17, /nothing follows .* received "x"/],
    ['cron(0 0 ? * 3#1,6#3 *)', 13, /stand alone/],
    ['cron(0 0 ? * 2L,3L *)', 13, /stand alone/],
    ['cron(0 0 1,L * ? *)', 9, /stand alone/],
    ['cron(0 0 L-3 * ? *)', 9, /stand alone/],
    ['rate(99999999999999999999 weeks)', 5, /to 3650000 days, received "9999/],
    ['0 0 L * *', 4, /day of month is from 1 to 31, received "L"/],
  ])('%s: points at character %i', (text, at, rule) => {
    const fault = faultOf(text);
    expect(fault.at).toBe(at);
    expect(fault.rule).toMatch(rule);
    expect(fault.fix).not.toBe('');
  });

  it('is refused as a Fault, whatever it is, and in no time', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((text) => `cron(${text})`),
        ),
        (text) => {
          try {
            parseSchedule(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
        },
      ),
      { numRuns: 2_000, seed: 7 },
    );
    const garbage = `cron(${'0-9,*/'.repeat(20_000)})`;
    const times = Array.from({ length: 5 }, () => {
      const before = performance.now();
      expect(faultOf(garbage).rule).toMatch(/256 characters/);
      return performance.now() - before;
    });
    expect(Math.min(...times)).toBeLessThan(10);
  });
});

describe('what to write instead', () => {
  it.each([
    ['0 22-2 * * *', 'write 22-23,0-2'],
    ['0 0 * * SAT-SUN', 'write SAT,SUN'],
    ['0 0 * * fri-mon', 'write fri-sat,sun-mon'],
    ['0 0 * * 5-1', 'write 5-6,0-1'],
    ['cron(0 8 * * ? 2030-2027)', 'write 2027-2030'],
    ['@daily', 'write 0 0 * * *'],
    ['0 0 L * *', /of cron\(\.\.\.\)/],
    ['0 0 9 * * *', /six fields are of cron/],
  ])('of %s: %s', (text, fix) => expect(faultOf(text).fix).toMatch(fix));

  it('means what was meant', () => {
    const bothWays = ['0 22-23,0-2 * * *', 'cron(0 22-2 * * ? *)'].map((text) => parseSchedule(text));
    expect(bothWays[0]).toEqual(bothWays[1]);
  });
});

it('a crontab may have tabs between its fields, and end its line', () =>
  expect(parseSchedule('0\t9 * *\t1-5\r\n')).toEqual(parseSchedule('0 9 * * 1-5')));

it('the minutes of an offset are below 60', () =>
  expect(() => parseSchedule({ type: 'at', at: '2027-02-28T00:00:00+01:99' })).toThrow(/minutes of an offset/));

describe('names, ranges and steps', () => {
  const fields = (text: string) => {
    const schedule = parseSchedule(text);
    if (schedule.kind !== 'cron') throw new Error('no cron');
    return schedule;
  };

  it('wraps around', () =>
    expect(fields('cron(0 20-2 ? NOV-FEB FRI-MON *)')).toMatchObject({
      hour: [0, 1, 2, 20, 21, 22, 23],
      month: [1, 2, 11, 12],
      days: [[{ values: [0, 1, 5, 6] }]],
    }));
  it('steps from a value to the end of the field', () => expect(fields('cron(5/20 * * * ? *)').minute).toEqual([5, 25, 45]));
  it('lists mixed items without duplicates', () =>
    expect(fields('cron(0 1-7/2,5,11-23/6 * * ? *)').hour).toEqual([1, 3, 5, 7, 11, 17, 23]));
});
