import { total } from './campaign.ts';
import { allCases, tableOf } from './exhaustive.ts';
import { liveAgain } from './histories.ts';
import type { Mutant } from './mutant.ts';
import { SURELY_FOUND } from './mutants/surely-found.ts';
import { mutants } from './mutants.ts';
import { inProcesses } from './processes.ts';
import { SEEDS } from './seeds.ts';

/** How a campaign is drawn and told of. */
export interface Campaign {
  readonly seed: number;
  /** What each of its processes is told: `--operations 30 --faults 0.2`. */
  readonly args: readonly string[];
  /** Tells how far it has come. */
  readonly tell: (progress: string) => void;
}

/** What a campaign came to: its figures, the last line first of all, and how many promises were broken. */
export interface Figures {
  readonly lines: readonly string[];
  readonly violations: number;
}

/** What was found once is tried first. */
export async function storedHistories(): Promise<Figures> {
  const bad: string[] = [];
  for (const { mistake, history } of SEEDS) {
    const { violations } = await liveAgain(history);
    if (violations.length > 0) bad.push(`stored history (${mistake}): ${violations.join(', ')}`);
  }
  return { lines: [...bad, `${SEEDS.length} stored histories, ${bad.length} with violations`], violations: bad.length };
}

export async function randomHistories(count: number, { seed, args, tell }: Campaign): Promise<Figures> {
  const parts = await inProcesses('histories', [seed, count], args, (done) => tell(`${done} of ${count} histories`));
  const sum = total(parts);
  const failed = sum.failures.map(
    ({ draw, violations, shrunk }) =>
      `seed ${draw.seed}: ${violations.join(', ')}\n  shrunk to ${shrunk.steps.length} operations: ${JSON.stringify(shrunk)}`,
  );
  const met = Object.entries(sum.faults).sort(([a], [b]) => (a < b ? -1 : 1));
  const faults = met.reduce((all, [, n]) => all + n, 0);
  return {
    lines: [
      ...failed,
      `faults: ${met.map(([fate, n]) => `${fate} ${n}`).join(', ')}`,
      `traces of seeds ${seed} to ${seed + count - 1}: sha256 ${sum.traces}`,
      `${sum.histories} random histories, ${sum.operations} operations, ${sum.runs} runs, ${sum.executions} executions, ${faults} faults: ${sum.failed} histories with violations`,
    ],
    violations: sum.failed,
  };
}

/** Every fate at every call of every operation. */
export async function singleFaults({ tell }: Campaign): Promise<Figures> {
  const { length } = await allCases();
  const lived = (await inProcesses('single', [0, length], [], (done) => tell(`${done} of ${length} single faults`))).flat();
  const bad = lived.filter(({ violations }) => violations.length > 0);
  return {
    lines: [
      ...bad.map(({ scenario, place, fate, violations }) => `${scenario}: ${place}, ${fate}: ${violations.join(', ')}`),
      tableOf(lived),
      `${lived.length} single faults: ${bad.length} with violations`,
    ],
    violations: bad.length,
  };
}

export async function jobYears(count: number, { seed, tell }: Campaign): Promise<Figures> {
  const worlds = (await inProcesses('years', [seed, Math.ceil(count / 100)], [], (done) => tell(`${done * 100} job-years`))).flat();
  const sum = (of: (one: (typeof worlds)[number]) => number) => worlds.reduce((all, one) => all + of(one), 0);
  const bad = worlds.flatMap(({ violations }) => violations);
  const states = [...new Set(worlds.flatMap((one) => Object.keys(one.states)))].sort();
  const runs = states.map((state) => `${state} ${sum((one) => one.states[state] ?? 0)}`).join(', ');
  const years = `${sum((one) => one.jobYears)} job-years, ${sum((one) => one.dueTimes)} due times, ${sum((one) => one.faults)} faults`;
  return { lines: [...bad, `runs: ${runs}`, `${years}: ${bad.length} due times without exactly one answer`], violations: bad.length };
}

export async function overSdk(count: number, { seed, args, tell }: Campaign): Promise<Figures> {
  const parts = await inProcesses('sdk', [seed, count], args, (done) => tell(`${done} of ${count} histories over the SDK`));
  const bad = parts.flatMap(({ violations }) => violations);
  const sum = (of: (one: (typeof parts)[number]) => number) => parts.reduce((all, one) => all + of(one), 0);
  const figures = `${count} histories over the real SDK, ${sum((one) => one.requests)} requests, ${sum((one) => one.faults)} faults`;
  return { lines: [...bad, `${figures}: ${bad.length} histories with violations`], violations: bad.length };
}

/** Looks for each planted mistake in so many histories. */
export async function plantedMistakes(most: number, { tell }: Campaign): Promise<Figures> {
  const lines: string[] = [];
  let [found, steps, missing] = [0, 0, 0];
  const hunted = await inProcesses('mutants', [0, mutants.length], ['--mutants', String(most)], (done) =>
    tell(`${done} of ${mutants.length} mistakes`),
  );
  for (const [n, one] of hunted.flat().entries()) {
    const mutant = mutants[n] as Mutant;
    found += one ? 1 : 0;
    steps = Math.max(steps, one?.shrunk?.steps.length ?? 0);
    missing += !one && SURELY_FOUND.has(mutant.name) ? 1 : 0;
    lines.push(
      one
        ? `found after ${one.histories}, shrunk to ${one.shrunk?.steps.length} operations and ${one.shrunk?.faults.length} faults: ${mutant.name} (${one.violation.slice(0, 2)})`
        : `NOT found in ${most}: ${mutant.name} (${mutant.breaks})`,
    );
  }
  return {
    lines: [...lines, `${found} of ${mutants.length} planted mistakes found, shrunk to at most ${steps} operations`],
    violations: missing,
  };
}
