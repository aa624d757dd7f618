import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAwsExpression } from '../../../core/schedule/aws-expression.ts';
import { type Compiled, compile } from '../../../core/schedule/compile.ts';
import { dueAtTick } from '../../../core/schedule/due.ts';
import { nextOccurrence, occurrencesBetween, previousOccurrence, type Timing } from '../../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';
import { printSchedule } from '../../../core/schedule/print.ts';
import type { Spelling } from '../../../core/schedule/spelling.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { awsCrons, fieldCrons, rates, spanStarts, unixCrons, ZONES } from '../../support/arbitraries.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIMIT = 100_000;

const spellings: fc.Arbitrary<Spelling> = fc.oneof(awsCrons, unixCrons, fieldCrons, rates);

function timingOf(schedule: Spelling, zoneName: string, from: number): Timing {
  const zone = zoneNamed(zoneName);
  if (!zone) throw new Error(zoneName);
  return { schedule: parseSchedule(schedule), zone, start: null, end: null, anchor: from - 7_000, since: from - DAY };
}

/** The nominal instants at which EventBridge ticks after `from` and up to `to`. */
function ticksBetween(timing: Timing, { expression, timezone }: Compiled, from: number, to: number): number[] {
  const zone = zoneNamed(timezone);
  if (!zone) throw new Error(timezone);
  const schedule = parseAwsExpression(expression);
  return occurrencesBetween({ ...timing, schedule, zone, anchor: timing.anchor }, from, to, LIMIT);
}

const cases = fc.record({ schedule: spellings, zone: fc.constantFrom(...ZONES), from: spanStarts });

describe('what EventBridge is given', () => {
  it('ticks for every due time exactly once, across changes of clocks and of the year', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 55 * HOUR }), ({ schedule, zone, from: start }, offset) => {
        const timing = timingOf(schedule, zone, start);
        const isFine = occurrencesBetween(timing, start, start + DAY, 500).length === 500;
        const [from, to] = isFine ? [start + offset, start + offset + 3 * HOUR] : [start, start + 2.5 * DAY];
        const compiled = compile(timing);
        expect(compiled.expression.length).toBeLessThanOrEqual(256);
        const ahead = compiled.ticks === 'windowed' ? compiled.lead + compiled.window : 0;
        const ticks = ticksBetween(timing, compiled, from - ahead, to);
        const due = ticks.flatMap((tick) => dueAtTick(timing, tick, compiled)).filter((at) => at > from && at <= to);
        expect(due.join()).toBe(occurrencesBetween(timing, from, to, LIMIT).join());
      }),
      { numRuns: 600, seed: 20_261_125 },
    );
  });

  it('has at most a tenth more ticks than due times, and one a day', () => {
    fc.assert(
      fc.property(cases, ({ schedule, zone, from }) => {
        const timing = timingOf(schedule, zone, from);
        const compiled = compile(timing);
        fc.pre(compiled.ticks !== 'windowed');
        const days = 10;
        const to = from + days * DAY;
        const ticks = ticksBetween(timing, compiled, from, to).length;
        const runs = occurrencesBetween(timing, from, to, LIMIT).length;
        expect(ticks).toBeLessThanOrEqual(1.1 * runs + days * ticksOnAnotherDay(timing, compiled));
      }),
      { numRuns: 600, seed: 3 },
    );
  });
});

/** One, but for what no one expression of EventBridge says: it ticks on days of no due time as often as on others. */
function ticksOnAnotherDay({ schedule, zone }: Timing, { ticks }: Compiled): number {
  if (schedule.kind !== 'cron' || ticks === 'exact') return 1;
  const [group, ...groups] = schedule.days;
  const isEitherOr = (group?.length ?? 0) > 1;
  const isAllOf = groups.length > 0 || group?.some((term) => term.is === 'isoWeeks');
  const isTouchedByClocks = zone.name !== 'UTC' && schedule.hour.length === 24;
  expect(isEitherOr || isAllOf || isTouchedByClocks).toBe(true);
  const isMovedByHalfAnHour = isTouchedByClocks && zone.name === 'Australia/Lord_Howe';
  return schedule.hour.length * schedule.minute.length * (isMovedByHalfAnHour ? 2 : 1);
}

describe('the calendar', () => {
  it('goes forward, and back the same way', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 3 * DAY }), ({ schedule, zone, from }, offset) => {
        const timing = timingOf(schedule, zone, from);
        const next = nextOccurrence(timing, from + offset);
        if (next === undefined) return;
        expect(next).toBeGreaterThan(from + offset);
        const before = previousOccurrence(timing, next);
        if (before !== undefined) expect(nextOccurrence(timing, before)).toBe(next);
        expect(previousOccurrence(timing, next + 1)).toBe(next);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

describe('the canonical spelling', () => {
  it('means the same and is its own canonical spelling', () => {
    fc.assert(
      fc.property(spellings, (spelling) => {
        const schedule = parseSchedule(spelling);
        const printed = printSchedule(schedule);
        expect(parseSchedule(printed)).toEqual(schedule);
        expect(printSchedule(parseSchedule(printed))).toEqual(printed);
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });
});
