import { describe, expect, it } from 'vitest';
import { live } from '../../testing/simulator/history.ts';
import type { Simulation } from '../../testing/simulator/simulation.ts';

const history = (seed: number, mutate?: (sim: Simulation) => void) =>
  live({ seed, operations: 30, faults: 0.15, ...(mutate && { mutate }) });

describe('random histories, with a fault in every seventh call', () => {
  it.each([1, 11, 21, 31, 41, 51])('keep every promise: five from seed %i on', async (first) => {
    let done = 0;
    for (let seed = first; seed < first + 5; seed++) {
      const { violations, effects } = await history(seed);
      expect(violations, `seed ${seed}`).toEqual([]);
      done += effects;
    }
    expect(done).toBeGreaterThan(0);
  });

  it('are the same for the same seed', async () => {
    const [first, second] = [await history(7), await history(7)];
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(50);
  });

  const found = async (mutate: (sim: Simulation) => void): Promise<string[]> => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 6; seed++)
      for (const violation of (await history(seed, mutate)).violations) kinds.add(violation.slice(0, 2));
    return [...kinds].sort();
  };

  it.each<[string, string, (sim: Simulation) => void]>([
    [
      'a claim without its condition',
      'S',
      ({ runs }) => {
        const { claim } = runs;
        runs.claim = async (run) => {
          await claim(run);
          return 'claimed';
        };
      },
    ],
    [
      'a lock that everybody gets',
      'S5',
      ({ runs }) => {
        runs.lock = async () => 'locked';
      },
    ],
    [
      'intents that nobody finishes',
      'L1',
      ({ jobs }) => {
        jobs.pending = async () => [];
      },
    ],
    [
      'due times that nobody accounts for',
      'L2',
      ({ runs }) => {
        const { list } = runs;
        runs.list = (uid, page) => (page.consistent ? Promise.reject(new Error('never')) : list(uid, page));
      },
    ],
  ])('tell of %s (%s)', async (_name, kind, mutate) => {
    expect((await found(mutate)).some((violation) => violation.startsWith(kind))).toBe(true);
  });
});
