import { CALL_FATES, type CallFate, isOfCall } from '../../testing/simulator/faults.ts';
import { live } from '../../testing/simulator/history.ts';
import type { Step } from '../../testing/simulator/operations.ts';
import { api } from './histories.ts';
import { historyOfScenario, SCENARIOS, type Scenario } from './scenarios.ts';

/** One call of a service in a scenario, met by one fate. */
export interface Case {
  readonly scenario: string;
  /** The operation that the call belongs to. */
  readonly operation: string;
  readonly place: string;
  readonly fate: CallFate;
}

/** Of calls that are made in the same place of the same operation, so many are tried. */
const ALIKE = 2;

/** Every call of every operation in every scenario, with every fate. */
export async function allCases(): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    for (const [place, operation] of await placesIn(scenario)) {
      for (const fate of CALL_FATES) cases.push({ scenario: name, operation, place, fate });
    }
  }
  return cases;
}

async function placesIn(scenario: Scenario): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  const alike = new Map<string, number>();
  const history = historyOfScenario(scenario, new Map());
  const { violations } = await live(
    {
      ...history,
      faults: {
        fate(place, fates) {
          const given = history.faults.fate(place, fates);
          if (given || !isOfCall(fates) || place.endsWith(' process')) return given;
          const operation = operationOf(place, scenario.steps);
          const like = `${operation} ${place.split(' ').slice(-2).join(' ')}`;
          alike.set(like, (alike.get(like) ?? 0) + 1);
          if ((alike.get(like) ?? 0) <= ALIKE) places.set(place, operation);
          return undefined;
        },
      },
    },
    { api },
  );
  if (violations.length > 0) throw new Error(`without any fault: ${violations.join(', ')}`);
  return places;
}

function operationOf(place: string, steps: readonly Step[]): string {
  const [, n] = /^step (\d+)/.exec(place) ?? [];
  if (n !== undefined) return `api: ${steps.find((step) => step.n === Number(n))?.operation.is}`;
  const [, kind] = /^message \["(\w+)"/.exec(place) ?? [];
  if (kind !== undefined) return `runner: message of a${kind === 'occurrence' ? 'n' : ''} ${kind}`;
  if (place.startsWith('tick')) return 'runner: tick';
  return place.startsWith('reconcile') ? 'reconciler: pass' : 'reconciler: what came to nothing';
}

/** What broke when the case was lived through. */
export async function liveCase({ scenario, place, fate }: Case): Promise<readonly string[]> {
  const history = historyOfScenario(SCENARIOS[scenario] as Scenario, new Map([[place, fate]]));
  const { violations, met } = await live(history, { api });
  return met.get(place) === fate ? violations : [`${place} was not reached`];
}

export type LivedCase = Case & { readonly violations: readonly string[] };

/** A line an operation: how many calls met each fate, and how many of them broke a promise. */
export function tableOf(lived: readonly LivedCase[]): string {
  const operations = [...new Set(lived.map(({ operation }) => operation))].sort();
  const cell = (operation: string, fate: CallFate) => {
    const some = lived.filter((one) => one.operation === operation && one.fate === fate);
    const bad = some.filter(({ violations }) => violations.length > 0).length;
    return (bad > 0 ? `${bad} BAD/${some.length}` : `${some.length} ok`).padStart(11);
  };
  const head = `${'calls'.padEnd(34)}${CALL_FATES.map((fate) => fate.padStart(11)).join('')}`;
  return [head, ...operations.map((operation) => operation.padEnd(34) + CALL_FATES.map((fate) => cell(operation, fate)).join(''))].join(
    '\n',
  );
}
