import { expect, it } from 'vitest';
import { chart } from './bench/chart.ts';
import { atLeast, atMost, keeps, median, quantile, ratioAtLeast, ratioAtMost, short, table } from './bench/figures.ts';

const figure = { what: 'a create', value: 3, unit: 'ms', beside: { what: 'the other', value: 2 } };

it.each([
  [undefined, true],
  [atMost(3), true],
  [atMost(2.9), false],
  [atLeast(3), true],
  [atLeast(3.1), false],
  [ratioAtMost(1.5), true],
  [ratioAtMost(1.4), false],
  [ratioAtLeast(1.5), true],
  [ratioAtLeast(1.6), false],
])('a budget %j is kept: %s', (budget, kept) => {
  expect(keeps({ ...figure, budget })).toBe(kept);
});

it('what was not found keeps no budget', () => {
  expect(keeps({ ...figure, value: Number.NaN, budget: atMost(3) })).toBe(false);
  expect(keeps({ ...figure, beside: undefined, budget: ratioAtMost(9) })).toBe(false);
});

it('medians, shares and figures of three digits', () => {
  expect([median([3, 1, 2]), quantile([1, 2, 3, 4], 0.99), median([])]).toEqual([2, 4, Number.NaN]);
  expect([short(1234.5), short(12.34), short(1.234), short(Number.NaN)]).toEqual(['1,235', '12.3', '1.23', 'none']);
});

it('says beside what, and which budget is broken', () => {
  expect(table([{ ...figure, budget: ratioAtMost(1) }]).at(-1)).toBe(
    '| a create | 3.00 ms | 1.50 × 2.00 of the other | ≤ 1.00 ×: **broken** |',
  );
});

it('draws what is flat as flat', () => {
  const drawn = chart('Times', 'ms', [
    {
      name: 'flat',
      points: [
        [100, 5],
        [1_000, 5],
      ],
    },
  ]);
  const [, first, second] = /d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/.exec(drawn) ?? [];
  expect(first).toBe(second);
  expect(drawn).toContain('>1,000</text>');
});
