import { plannedFaults } from './faults.ts';
import type { Step } from './operations.ts';

/** A failing history, small: what is left of its steps, and where exactly what befell it. */
export interface Shrunk {
  readonly seed: number;
  readonly skew: number;
  readonly steps: readonly Step[];
  readonly faults: readonly (readonly [place: string, fate: string])[];
}

/** Leaves out steps and faults as long as the history still fails; lives at most so many histories. */
export async function shrink(failing: Shrunk, fails: (smaller: Shrunk) => Promise<boolean>, most = 400): Promise<Shrunk> {
  let lived = 0;
  let smallest = failing;
  const tryOut = async (smaller: Shrunk): Promise<boolean> => {
    if (lived++ >= most || !(await fails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  const reduce = async <T>(items: () => readonly T[], ...ways: readonly ((left: readonly T[]) => Shrunk)[]): Promise<boolean> => {
    let isSmaller = false;
    for (let size = Math.ceil(items().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < items().length; ) {
        const left = [...items().slice(0, from), ...items().slice(from + size)];
        let isDone = false;
        for (const having of ways) isDone ||= await tryOut(having(left));
        isSmaller ||= isDone;
        if (!isDone) from += size;
      }
    }
    return isSmaller;
  };
  for (let goesOn = true; goesOn && lived < most; ) {
    const fewerSteps = await reduce(
      () => smallest.steps,
      (steps) => ({ ...smallest, steps: whenTheyWere(steps, smallest.steps) }),
      (steps) => ({ ...smallest, steps }),
    );
    const fewerFaults = await reduce(
      () => smallest.faults,
      (faults) => ({ ...smallest, faults }),
    );
    goesOn = fewerSteps || fewerFaults;
  }
  return smallest;
}

/** Steps at the times at which they are among all: what befalls something later still finds its place. */
function whenTheyWere(steps: readonly Step[], all: readonly Step[]): Step[] {
  return steps.map((step, index) => {
    const after = steps[index + 1];
    const leftOut = all.filter(({ n }) => n > step.n && n < (after?.n ?? Number.POSITIVE_INFINITY));
    return { ...step, pause: leftOut.reduce((sum, { pause }) => sum + pause, step.pause) };
  });
}

/** The history that a shrunk one stands for. */
export function historyOf({ seed, skew, steps, faults }: Shrunk) {
  return { seed, skew, steps, faults: plannedFaults(new Map(faults)) };
}
