import type { CallFate } from '../../testing/simulator/faults.ts';
import { plannedFaults } from '../../testing/simulator/faults.ts';
import type { History } from '../../testing/simulator/history.ts';
import type { Operation, Step } from '../../testing/simulator/operations.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export interface Scenario {
  readonly steps: readonly Step[];
  /** What befalls it in any case, and where. */
  readonly given: readonly (readonly [place: RegExp, fate: CallFate])[];
}

/** A scenario in which something more goes wrong, by place. */
export function historyOfScenario({ steps, given }: Scenario, plan: ReadonlyMap<string, string>): History {
  const planned = plannedFaults(plan);
  const faults: History['faults'] = {
    fate: (place, fates) =>
      planned.fate(place, fates) ?? fates.find((fate) => given.some(([where, is]) => is === fate && where.test(place))),
  };
  return { seed: 1, skew: 0, steps, faults };
}

/** Short histories that between them have every operation of the API, the runner and the reconciler. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a cron is created, runs, and is deleted': steps(
    [create('a', 'cron(0/10 * * * ? *)'), 12 * MINUTE],
    [{ is: 'delete', id: 'a' }, 6 * MINUTE],
    [create('a', 'cron(0/10 * * * ? *)', { module: 'slow' }), 6 * MINUTE],
  ),
  'a rate of seconds is created, edited and ends': steps(
    [{ ...create('a', 'rate(20 seconds)'), endsIn: 6 }, 3 * MINUTE],
    [patch('a', 'rate(90 seconds)', 8), 12 * MINUTE],
  ),
  'a rate is put, put again, patched with If-Match': steps(
    [{ ...create('a', 'rate(7 minutes)'), is: 'put' }, 8 * MINUTE],
    [{ ...create('a', 'rate(7 minutes)', { module: 'flaky' }), is: 'put' }, 7 * MINUTE],
    [{ ...patch('a', 'cron(15 * * * ? *)', null), match: 'current' }, MINUTE],
    [{ ...patch('a', 'rate(7 minutes)', null), match: 'stale' }, 8 * MINUTE],
  ),
  'a job is paused and resumed': steps(
    [create('a', 'cron(0/10 * * * ? *)'), 11 * MINUTE],
    [{ is: 'pause', id: 'a' }, 10 * MINUTE],
    [{ is: 'resume', id: 'a' }, 10 * MINUTE],
  ),
  'an at falls due, and another in a pause': steps(
    [{ ...create('a', ''), schedule: { secondsAhead: 300 } }, MINUTE],
    [{ ...create('b', ''), schedule: { secondsAhead: 100 } }, MINUTE],
    [{ is: 'pause', id: 'b' }, 3 * MINUTE],
    [{ is: 'resume', id: 'b' }, 4 * MINUTE],
  ),
  'runs are asked for, retried and cancelled': steps(
    [create('a', 'rate(45 minutes)', { module: 'fails', maxAttempts: 3 }), MINUTE],
    [{ is: 'run', id: 'a' }, 4 * MINUTE],
    [{ is: 'retry', id: 'a' }, 10 * SECOND],
    [{ is: 'cancel', id: 'a' }, MINUTE],
    [create('b', 'rate(45 minutes)', { module: 'slow' }), SECOND],
    [{ is: 'run', id: 'b' }, 30 * SECOND],
    [{ is: 'cancel', id: 'b' }, 2 * MINUTE],
  ),
  'runs overlap': steps(
    [{ ...create('a', 'rate(1 minute)', { module: 'slow', catchUp: 'all' }), endsIn: 5 }, 4 * MINUTE],
    [{ is: 'run', id: 'a' }, 8 * MINUTE],
  ),
  'the stage is held, and a module is missing for a while': steps(
    [create('a', 'cron(0/10 * * * ? *)'), SECOND],
    [{ is: 'hold' }, 11 * MINUTE],
    [{ is: 'release' }, 5 * MINUTE],
    [{ is: 'drop', module: 'quick' }, 6 * MINUTE],
    [{ is: 'restore' }, 6 * MINUTE],
  ),
  'schedules are deleted and changed by hand': steps(
    [create('a', 'cron(0/10 * * * ? *)'), 4 * MINUTE],
    [{ is: 'meddle', how: 'delete', nth: 0 }, 70 * MINUTE],
    [{ is: 'meddle', how: 'flip', nth: 0 }, 65 * MINUTE],
    [{ is: 'strays', count: 3 }, 70 * MINUTE],
  ),
  'an invocation fails, and another dies': {
    ...steps([create('a', 'cron(0/10 * * * ? *)'), 25 * MINUTE], [{ is: 'run', id: 'a' }, 15 * MINUTE]),
    given: [
      [/^tick a .* \S+T00:10:00Z \d+ get$/, 'error'],
      [/^tick a .* \S+T00:20:00Z \d+ claim$/, 'crashAfter'],
    ],
  },
};

function steps(...taken: readonly (readonly [Operation, number])[]): Scenario {
  return { steps: taken.map(([operation, pause], n) => ({ n, operation, pause })), given: [] };
}

interface Kind {
  readonly module?: string;
  readonly maxAttempts?: number;
  readonly catchUp?: string;
}

function create(id: 'a' | 'b', schedule: string, { module = 'quick', maxAttempts = 2, catchUp = 'latest' }: Kind = {}) {
  const policies = { overlap: 'skip', retry: { maxAttempts, backoff: '20s' }, catchUp: { run: catchUp, within: '1h' } };
  return { is: 'create', id, schedule, endsIn: null, module, policies } as const;
}

function patch(id: 'a', schedule: string, endsIn: number | null) {
  return { is: 'patch', id, match: 'none', schedule, endsIn } as const;
}
