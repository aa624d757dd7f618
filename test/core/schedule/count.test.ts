import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDue, countPerHour } from '../../../core/schedule/count.ts';
import { occurrencesBetween, type Timing } from '../../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { awsCrons, fieldCrons, rates, spanStarts, unixCrons, ZONES } from '../../support/arbitraries.ts';
import { timing } from '../../support/timing.ts';

const HOUR = 3_600_000;
const day = Date.parse('2027-03-28T00:00:00Z');

describe('counting due times', () => {
  it.each([
    ['a day of every hour, when clocks change', 'cron(0/10 * * * ? *)', 'Europe/Berlin', 24, 144],
    ['an hour that clocks skip', 'cron(30 1-4 * * ? *)', 'Europe/Berlin', 23, 3],
    ['a rate', 'rate(7 minutes)', 'UTC', 24, 206],
    ['a second of each', 'rate(1 second)', 'UTC', 2, 7_200],
    ['what comes once', 'at(2027-03-28T23:59:59)', 'UTC', 24, 1],
    ['nothing', 'at(2027-03-29T00:00:00)', 'UTC', 24, 0],
  ])('knows %s', (_, expression, zone, hours, count) => {
    expect(countDue(timing(expression, { zone }), day, day + hours * HOUR)).toBe(count);
  });

  it('does not go through a month of seconds', () => {
    const before = performance.now();
    expect(countDue(timing('rate(1 second)'), day, day + 720 * HOUR)).toBe(2_592_000);
    expect(countDue(timing('cron(* * * * ? *)', { zone: 'Europe/Berlin' }), day, day + 720 * HOUR)).toBe(43_200);
    // No hour of UTC is one of the wall clock there.
    expect(
      countPerHour(
        { ...timing('rate(1 hour)', { zone: 'Asia/Kolkata' }), schedule: parseSchedule({ type: 'cron', second: '*' }) },
        day,
        720,
      ),
    ).toEqual(Array.from({ length: 720 }, () => 3_600));
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('counts what a walk through them finds, hour by hour too', () => {
    const spellings = fc.oneof(awsCrons, unixCrons, fieldCrons, rates);
    const bound = fc.option(fc.integer({ min: -20 * HOUR, max: 50 * HOUR }), { nil: null });
    fc.assert(
      fc.property(
        spellings,
        fc.constantFrom(...ZONES),
        spanStarts,
        fc.integer({ min: 0, max: 86_399 }),
        fc.integer({ min: 1, max: 40 }),
        bound,
        bound,
        (spelling, name, date, offset, hours, start, end) => {
          const zone = zoneNamed(name);
          if (!zone) throw new Error(name);
          const from = date + offset * 1_000;
          const at = (bound: number | null) => (bound === null ? null : from + Math.floor(bound / 1_000) * 1_000);
          const given: Timing = {
            schedule: parseSchedule(spelling),
            zone,
            start: at(start),
            end: at(end),
            anchor: at(start) ?? date,
            since: date,
          };
          const walked = occurrencesBetween(given, from - 1, from + hours * HOUR - 1, Infinity);
          const perHour = Array.from(
            { length: hours },
            (_, hour) => walked.filter((due) => Math.floor((due - from) / HOUR) === hour).length,
          );
          expect(countDue(given, from, from + hours * HOUR)).toBe(walked.length);
          expect(countPerHour(given, from, hours)).toEqual(perHour);
        },
      ),
      { numRuns: 150, seed: 8 },
    );
  });
});
