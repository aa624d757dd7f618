import { VirtualClock } from '../virtual-clock.ts';
import type { Faults } from './faults.ts';
import { NO_FAULTS } from './faults.ts';
import { Ledger } from './ledger.ts';
import { checkAfterwards, checkPunctuality } from './liveness.ts';
import { simulatedModules } from './modules.ts';
import { type Api, checkAnswer, type Step, take } from './operations.ts';
import type { Deliveries, Services } from './services.ts';
import { SimulatedStage } from './stage.ts';
import { checkByReading, readTable } from './witness.ts';

export const START = '2027-01-01T00:00:00Z';
const MINUTE = 60_000;
/** EventBridge ticks within a minute. */
const TICK_LATENESS = 50_000;
/** While nothing happens but what was begun, passes need not be many. */
const SELDOM = 30 * MINUTE;
/** The longest that anything may take to be found: five receives of a message, and the walk of the next hour. */
const FOUND_WITHIN = 150 * MINUTE;

export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly faults: Faults;
  /** How far the clocks of processes may be off. */
  readonly skew: number;
}

export interface Conditions {
  readonly api: Api;
  /** Over other services than those in memory, which are known by what they tell and not by what they do: for lack of an answer, that is less. */
  readonly over?: {
    readonly clock: VirtualClock;
    readonly servicesFor: (deliveries: Deliveries) => Services;
    /** Told that no fault follows: from now on everything has to be put right. */
    readonly faultsStop: () => void;
  };
  /** Told of each line of the trace as it is written. */
  readonly say?: (line: string) => void;
}

/** What was found of a history. */
export interface Lived {
  /** Promises that did not hold, the first ones. */
  readonly violations: readonly string[];
  /** What befell it, by place. */
  readonly met: ReadonlyMap<string, string>;
  readonly executions: number;
  readonly runs: number;
  /** What happened, a line each: the same for the same history. */
  readonly trace: readonly string[];
}

/** Lives through a history, lets the faults stop, and holds it against the promises of docs/guarantees.md. */
export async function live(history: History, { api, over, say }: Conditions): Promise<Lived> {
  const trace: string[] = [];
  const met = new Map<string, string>();
  const tell = (line: string) => {
    trace.push(line);
    say?.(line);
  };
  const ledger: Ledger = new Ledger(() => stage.clock.now(), !over);
  const stage: SimulatedStage = new SimulatedStage({
    clock: over?.clock ?? new VirtualClock(START),
    seed: history.seed,
    tickLateness: TICK_LATENESS,
    skew: history.skew,
    modulesOf: (process) => simulatedModules(ledger, process),
    ...(!over && { saw: (by, port, call, args, answer) => ledger.saw(by, port, call, args, answer) }),
    say: tell,
    ...(over && { servicesFor: over.servicesFor }),
  });
  stage.faults = {
    fate(place, fates) {
      const fate = history.faults.fate(place, fates);
      if (fate) met.set(place, fate);
      return fate;
    },
  };

  const answers: Promise<void>[] = [];
  for (const step of history.steps) {
    const answer = take(stage, ledger, api, over ? checkByReading : checkAnswer, step);
    answers.push(answer);
    // What is read is read of one writer at a time.
    if (!step.overlaps || over) await stage.until(answer);
    // Before others change it again, or it has an effect.
    if (over) await stage.calmly(() => readTable(stage, ledger));
    await stage.pass(step.pause);
    await stage.calmly(() => (over ? readTable(stage, ledger) : checkTable(stage, ledger, `after step ${step.n}`)));
    if (ledger.violations.length > 0) break;
  }
  if (ledger.violations.length === 0) {
    over?.faultsStop();
    await settle(stage, ledger, history, over ? () => readTable(stage, ledger) : () => checkTable(stage, ledger, 'in the end'));
  }
  const isQuiet = met.size === 0 && !history.steps.some(({ operation: { is } }) => is === 'meddle' || is === 'hold' || is === 'drop');
  if (isQuiet && ledger.violations.length === 0) await checkPunctuality(stage, ledger);
  return { violations: ledger.violations, met, executions: ledger.effects.length, runs: ledger.runs.size, trace };
}

/** The faults stop; what is found is found, and a further pass finds nothing. */
async function settle(stage: SimulatedStage, ledger: Ledger, history: History, check: () => Promise<void>): Promise<void> {
  stage.faults = NO_FAULTS;
  stage.reconcileEvery = SELDOM;
  stage.dropped.clear();
  // A hold that was given up may still be carried out.
  await stage.pass(MINUTE);
  await stage.services.stage.release();
  ledger.switched('release');
  await stage.pass(FOUND_WITHIN);
  // One pass puts everything right, unless there are more schedules without a job than it may delete.
  for (let passes = 1 + Math.floor(strays(history.steps) / 5); passes > 0; passes--) await compare(stage);
  await check();
  await checkAfterwards(stage, ledger, history.skew);
  const again = await compare(stage);
  const repairs = ledger.repairs.get(again);
  if (repairs) ledger.violate('L6', `a second pass did ${repairs.join(', ')}`);
}

function strays(steps: readonly Step[]): number {
  return steps.reduce((sum, { operation }) => sum + (operation.is === 'strays' ? operation.count : 0), 0);
}

/** Makes a pass that compares, in the time it takes; its name. */
async function compare(stage: SimulatedStage): Promise<string> {
  const name = `reconcile by hand ${stage.clock.now()}`;
  void stage.reconcile(true, name);
  await stage.pass(4 * MINUTE);
  return name;
}

/** S3: the table has each job as it was written last. */
async function checkTable({ services }: SimulatedStage, ledger: Ledger, when: string): Promise<void> {
  const ids = new Set([...ledger.versions.values()].map(([job]) => job?.id));
  for (const id of ids) {
    if (!id) continue;
    const [stored, expected] = [await services.jobs.get(id), ledger.current.get(id)];
    if (stored?.uid !== expected?.uid || stored?.rev !== expected?.rev) {
      ledger.violate('S3', `${when} ${id} is at ${stored?.uid} rev ${stored?.rev}, not at ${expected?.uid} rev ${expected?.rev}`);
    }
  }
}
