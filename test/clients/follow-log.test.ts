import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, type Seen } from '../../clients/console/run/follow.ts';

const line = (n: number) => ({ at: '2027-01-01T00:00:00Z', level: 'info' as const, message: String(n) });
/** The run's log as it is kept after so many lines: the last five. */
const kept = (said: number, attempt = 1) => {
  const dropped = Math.max(0, said - 5);
  return { attempt, logDropped: dropped, log: Array.from({ length: said - dropped }, (_, n) => line(dropped + n)) };
};
const numbers = ({ lines }: Seen) => lines.map(({ message }) => Number(message));

it('shows every line of a log that is looked at before its lines go', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(looks, (more) => {
      let [said, seen] = [0, undefined as Seen | undefined];
      for (const lines of more) {
        said += lines;
        seen = follow(seen, kept(said));
      }
      expect(numbers(seen as Seen)).toEqual(Array.from({ length: said }, (_, n) => n));
      expect(seen?.dropped).toBe(0);
    }),
    { seed: 9 },
  );
});

it('begins anew after a gap, and with another attempt', () => {
  const gap = follow(follow(undefined, kept(3)), kept(20));
  expect([gap.dropped, numbers(gap)]).toEqual([15, [15, 16, 17, 18, 19]]);
  expect(numbers(follow(gap, kept(1, 2)))).toEqual([0]);
});

it('keeps the newest two thousand lines', () => {
  let seen: Seen | undefined;
  for (let said = 5; said <= 3_000; said += 5) seen = follow(seen, kept(said));
  expect([seen?.dropped, seen?.lines.length, numbers(seen as Seen).at(-1)]).toEqual([1_000, 2_000, 2_999]);
});
