import { api as routes } from '../../functions/api/app.ts';
import { randomFaults } from '../../testing/simulator/faults.ts';
import { type History, type Lived, live } from '../../testing/simulator/history.ts';
import { type Api, drawSteps } from '../../testing/simulator/operations.ts';
import { historyOf, type Shrunk } from '../../testing/simulator/shrink.ts';

/** How far the clock of a process may be off, in milliseconds. */
const SKEW = 1_000;

export interface Draw {
  readonly seed: number;
  readonly operations: number;
  readonly faults: number;
}

/** The HTTP API that is deployed, asked without a network. */
export const api: Api = (ports) => {
  const app = routes(ports);
  return async (method, path, body, headers = {}) => {
    const response = await app.request(path, {
      method,
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : JSON.parse(text) };
  };
};

export function historyFrom({ seed, operations, faults }: Draw): History {
  return { seed, steps: drawSteps(seed, operations), faults: randomFaults(seed, faults), skew: faults > 0 ? SKEW : 0 };
}

export function liveThrough(draw: Draw): Promise<Lived> {
  return live(historyFrom(draw), { api });
}

export function liveAgain(history: Shrunk): Promise<Lived> {
  return live(historyOf(history), { api });
}
