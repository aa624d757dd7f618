import type { Shrunk } from '../../testing/simulator/shrink.ts';
import type { Mutant } from './mutant.ts';
import { bundleWith } from './mutated.ts';

/** How a mistake was found. */
export interface Found {
  readonly violation: string;
  /** How many histories it took. */
  readonly histories: number;
  /** What is left of that history when all is left out that it takes not. */
  readonly shrunk: Shrunk | undefined;
}

/** Lives histories with a mistake in the code, those of the scenarios first, until a promise is broken; undefined if none is. */
export async function hunt(mutant: Mutant, most: number, shrinks: boolean): Promise<Found | undefined> {
  const { scenarioAt, historyAt, shrunkFrom }: typeof import('./hunted.ts') = await import(
    (await bundleWith('test/sim/hunted.ts', mutant)).href
  );
  for (let n = 0; n < most; n++) {
    const tried = (await scenarioAt(n)) ?? (await historyAt(n));
    const [violation] = tried.lived.violations;
    if (violation !== undefined) return { violation, histories: n + 1, shrunk: shrinks ? await shrunkFrom(tried) : undefined };
  }
  return undefined;
}
