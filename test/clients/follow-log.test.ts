import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, type Seen } from '../../clients/console/run/follow.ts';

const line = (n: number) => ({ at: '2027-01-01T00:00:00Z', level: 'info' as const, message: String(n) });
/** The run's log as it is kept after so many lines: the last five. */
const kept = (said: number, attempt = 1) => {
  const dropped = Math.max(0, said - 5);
  return { attempt, logDropped: dropped, log: Array.from({ length: said - dropped }, (_, n) => line(dropped + n)) };
};
const numbers = (seen: Seen | undefined) => seen?.lines.map(({ n, message }) => [n, Number(message)]);
const pairs = (...lines: number[]) => lines.map((n) => [n, n]);
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, n) => from + n);

it('shows every line of a log that is looked at before its lines go', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(looks, (more) => {
      let [said, seen] = [0, undefined as Seen | undefined];
      for (const lines of more) {
        said += lines;
        seen = follow(seen, kept(said));
      }
      expect(numbers(seen)).toEqual(pairs(...upTo(said)));
    }),
    { seed: 9 },
  );
});

it('keeps what was shown where lines came and went between two looks, with a gap in their numbers', () => {
  expect(numbers(follow(follow(undefined, kept(3)), kept(20)))).toEqual(pairs(0, 1, 2, ...upTo(20, 15)));
});

it('begins anew with another attempt', () => {
  expect(numbers(follow(follow(undefined, kept(3)), kept(1, 2)))).toEqual(pairs(0));
});

it('keeps the newest two thousand lines', () => {
  let seen: Seen | undefined;
  for (let said = 5; said <= 3_000; said += 5) seen = follow(seen, kept(said));
  expect(numbers(seen)).toEqual(pairs(...upTo(3_000, 1_000)));
});
