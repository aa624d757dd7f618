import { type History, type Lived, live } from '../../testing/simulator/history.ts';
import { type Shrunk, shrink } from '../../testing/simulator/shrink.ts';
import { api, historyFrom, liveAgain } from './histories.ts';
import { historyOfScenario, SCENARIOS } from './scenarios.ts';
import { SEEDS } from './seeds.ts';

/** What a mistake is bundled with: the histories that are to find it. */
export interface Tried {
  readonly history: Pick<History, 'seed' | 'skew' | 'steps'>;
  readonly lived: Lived;
}

console.error = () => undefined;

/** First what broke a promise once, then the scenarios as they are. */
export async function scenarioAt(n: number): Promise<Tried | undefined> {
  const stored = SEEDS[n]?.history;
  if (stored) return { history: stored, lived: await liveAgain(stored) };
  const scenario = Object.values(SCENARIOS)[n - SEEDS.length];
  return scenario && tryOut(historyOfScenario(scenario, new Map()));
}

/** Then random ones. */
export function historyAt(n: number): Promise<Tried> {
  return tryOut(historyFrom({ seed: n, operations: 30, faults: 0.2 }));
}

async function tryOut(history: History): Promise<Tried> {
  try {
    return { history, lived: await live(history, { api }) };
  } catch (error) {
    // Whatever throws through all of it is found, too.
    return { history, lived: { violations: [`threw ${String(error)}`], met: new Map(), executions: 0, runs: 0, trace: [] } };
  }
}

/** The smallest history found that breaks the same promise. */
export function shrunkFrom({ history: { seed, skew, steps }, lived: { violations, met } }: Tried): Promise<Shrunk> {
  const promise = violations[0]?.slice(0, 2) ?? '';
  const breaksIt = async (smaller: Shrunk) => (await liveAgain(smaller)).violations.some((one) => one.startsWith(promise));
  return shrink({ seed, skew, steps, faults: [...met] }, breaksIt);
}
