import fc from 'fast-check';
import { expect, it } from 'vitest';
import { occurrencesBetween } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';
import { zoneNames } from '../../core/schedule/zone-names.ts';
import { spanStarts, ZONES } from '../support/arbitraries.ts';
import { PLANS } from './plans.ts';
import { dueAmong, minutesShown, type Plan, wallClock } from './wall-calendar.ts';
import { changesOf, differencesAround } from './zones.ts';

/** A sample of `node local/start.mjs test/calendar/campaign.ts`: zones of every kind of change, and every 40th of all. */
const KINDS = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Pyongyang',
  'America/Caracas',
];

it(`has no difference to the dumb calendar with ${PLANS.length} plans around changes of clocks`, () => {
  expect(PLANS.length).toBeGreaterThanOrEqual(30);
  let changes = 0;
  const sample = [...KINDS, ...zoneNames().filter((_, index) => index % 40 === 7)];
  for (const zone of sample) {
    const read = wallClock(zone);
    for (const change of changesOf(read, 2009, 2019).filter((_, index) => index % 3 === 0)) {
      changes += 1;
      expect(differencesAround(zone, read, change)).toEqual([]);
    }
  }
  expect(changes).toBeGreaterThan(40);
});

it('tells a difference: an hour that the calendar would get wrong is found', () => {
  const read = wallClock('Europe/Berlin');
  const [change] = changesOf(read, 2027, 2027);
  // A clock that is an hour off disagrees with core's.
  expect(differencesAround('Europe/Berlin', (instant) => read(instant + 3_600_000), change ?? 0).length).toBeGreaterThan(10);
});

const plans = fc.record({
  minutes: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 4 }),
  hours: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 6 }), { nil: undefined }),
  date: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
});

it('agrees with the dumb calendar on random plans, zones and days', () => {
  fc.assert(
    fc.property(plans, fc.constantFrom(...ZONES), spanStarts, ({ minutes, hours, date }, zoneName, from) => {
      const text = `cron(${minutes.join(',')} ${hours?.join(',') ?? '*'} ${date ?? '*'} * ? *)`;
      const plan: Plan = { text, minutes, ...(hours && hours.length < 24 && { hours }), ...(date && { day: (day) => day === date }) };
      const zone = zoneNamed(zoneName);
      if (!zone) throw new Error(zoneName);
      const to = from + 48 * 3_600_000;
      const timing = { schedule: parseSchedule(text), zone, start: null, end: null, anchor: 0, since: 0 };
      expect(occurrencesBetween(timing, from - 1, to - 1, 10_000)).toEqual(dueAmong(plan, minutesShown(wallClock(zoneName), from, to)));
    }),
    { numRuns: 100, seed: 20_261_124 },
  );
});

it('agrees second by second with what the clock shows, for fields with seconds', () => {
  const some = (max: number) => fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 5 });
  // Hours in which clocks change, and others; the last hour is shown twice in Berlin.
  const hours = fc.constantFrom(
    '2027-03-28T00:30:00Z',
    '2027-10-31T00:30:00Z',
    '2027-06-01T11:10:00Z',
    '2026-12-31T23:30:00Z',
    '2027-10-31T01:30:00Z',
  );
  fc.assert(
    fc.property(
      some(59),
      some(59),
      some(23),
      fc.constantFrom('Europe/Berlin', 'UTC', 'Asia/Kathmandu'),
      hours,
      (seconds, minutes, named, zoneName, text) => {
        const zone = zoneNamed(zoneName);
        if (!zone) throw new Error(zoneName);
        const from = Date.parse(text);
        const schedule = parseSchedule({ type: 'cron', hour: named.join(), minute: minutes.join(), second: seconds.join() });
        const timing = { schedule, zone, start: null, end: null, anchor: 0, since: 0 };
        const expected: number[] = [];
        for (const shown of minutesShown(wallClock(zoneName), from, from + 3_600_000)) {
          if (shown.isRepeated || !named.includes(shown.hour) || !minutes.includes(shown.minute)) continue;
          for (let second = 0; second < 60; second++) if (seconds.includes(second)) expected.push(shown.instant + second * 1_000);
        }
        expect(occurrencesBetween(timing, from - 1, from + 3_600_000 - 1, 10_000)).toEqual(expected);
      },
    ),
    { numRuns: 150, seed: 4 },
  );
});
