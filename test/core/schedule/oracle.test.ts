import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOccurrence } from '../../../core/schedule/occurrences.ts';
import { timing } from '../../support/timing.ts';

const MINUTE = 60_000;

/** A second, dumb calendar: it asks the platform what the clock on the wall shows, minute by minute. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', weekday: undefined });
  return (instant: number) => format.format(instant);
}

interface Plan {
  readonly minute: number;
  readonly hours: readonly number[];
  readonly day: number | undefined;
}

/** Whether the plan is due in that minute: the clock shows it, and had not shown it before, unless every hour counts. */
function isDue(plan: Plan, show: (instant: number) => string, instant: number): boolean {
  const text = show(instant);
  const [day, hour, minute] = [Number(text.slice(0, 2)), Number(text.slice(12, 14)), Number(text.slice(15, 17))];
  if (minute !== plan.minute || !plan.hours.includes(hour) || (plan.day !== undefined && day !== plan.day)) return false;
  if (plan.hours.length === 24) return true;
  return ![30, 60, 120].some((earlier) => show(instant - earlier * MINUTE) === text);
}

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Asia/Beirut',
];

const plans = fc.record({
  zone: fc.constantFrom(...ZONES),
  minute: fc.integer({ min: 0, max: 59 }),
  hours: fc.oneof(fc.constant([...Array(24).keys()]), fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 6 })),
  day: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
  // Around the transitions of the northern and the southern hemisphere, and of Ramadan.
  from: fc
    .constantFrom(
      '2027-03-13',
      '2027-03-27',
      '2027-10-30',
      '2027-11-06',
      '2027-04-03',
      '2027-10-02',
      '2027-09-25',
      '2026-02-14',
      '2026-03-21',
    )
    .map((date) => Date.parse(`${date}T00:00:00Z`)),
});

describe('against a calendar that looks at every minute', () => {
  it('nothing is missing, nothing is too much, for two days around a change of clocks', () => {
    fc.assert(
      fc.property(plans, ({ zone, from, ...plan }) => {
        const show = wallClock(zone);
        const expected: number[] = [];
        for (let at = from; at < from + 2 * 1440 * MINUTE; at += MINUTE) if (isDue(plan, show, at)) expected.push(at);
        const t = timing(`cron(${plan.minute} ${plan.hours.join(',')} ${plan.day ?? '*'} * ? *)`, { zone });
        const found: number[] = [];
        for (let at = nextOccurrence(t, from - 1); at !== undefined && at < from + 2 * 1440 * MINUTE; at = nextOccurrence(t, at))
          found.push(at);
        expect(found).toEqual(expected);
      }),
      { numRuns: 150, seed: 20_261_124 },
    );
  });
});
