import { expect, it } from 'vitest';
import { allCases, liveCase, tableOf } from './exhaustive.ts';
import { storedHistories } from './figures.ts';
import { liveThrough } from './histories.ts';
import { liveYears } from './years.ts';

const MINUTES = 60_000;

it('a history without faults keeps every promise, and something happens in it', async () => {
  const { violations, executions } = await liveThrough({ seed: 4, operations: 100, faults: 0 });
  expect(violations).toEqual([]);
  expect(executions).toBeGreaterThan(30);
});

it('the same seed gives the same history, line by line', async () => {
  const [first, second] = [
    await liveThrough({ seed: 7, operations: 30, faults: 0.2 }),
    await liveThrough({ seed: 7, operations: 30, faults: 0.2 }),
  ];
  expect(second.trace).toEqual(first.trace);
  expect(first.trace.length).toBeGreaterThan(50);
});

it('histories that broke a promise once break none any more', async () => {
  expect((await storedHistories()).lines.slice(0, -1)).toEqual([]);
});

it(
  'every fortieth of the single faults at each call of each operation breaks no promise',
  async () => {
    const lived = [];
    for (const one of (await allCases()).filter((_, n) => n % 40 === 0)) lived.push({ ...one, violations: await liveCase(one) });
    console.log(tableOf(lived));
    expect(lived.filter(({ violations }) => violations.length > 0)).toEqual([]);
  },
  2 * MINUTES,
);

it(
  'ten jobs keep every due time of a year, by another calendar',
  async () => {
    const { violations, dueTimes } = await liveYears(1, 1);
    expect(violations).toEqual([]);
    expect(dueTimes).toBeGreaterThan(500);
  },
  MINUTES,
);
