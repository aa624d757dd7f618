import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onlyForPrograms, readText } from '../loopback.ts';
import type { LocalClock, LocalTime } from '../time.ts';
import { CLOCK_PATH, steer } from './clock-control.ts';
import { invalid, SchedulerError } from './errors.ts';
import { Firing } from './firing.ts';
import { Invocations } from './invocation.ts';
import { operationFor } from './routes.ts';
import { type Scope, scopeOf } from './scope.ts';
import { Store } from './store.ts';
import type { Targets } from './targets/targets.ts';
import { FAIR, Refusals, type Weather } from './weather.ts';

export interface SchedulerOptions extends Scope {
  /** Schedule groups that exist beside `default`. */
  readonly groups?: readonly string[];
  readonly targets: Targets;
  readonly time: LocalTime;
  readonly weather?: Partial<Weather>;
  /** Numbers from 0 up to 1, for windows and the weather. */
  readonly chance?: () => number;
  /** Lets requests steer this clock. */
  readonly clock?: LocalClock;
}

/** EventBridge Scheduler on a laptop: its REST JSON protocol over HTTP, and schedules that fire. */
export interface Scheduler {
  readonly server: Server;
  stop(): void;
}

/** A request with the largest Input, escaped. */
const MAX_BODY_BYTES = 1024 * 1024;

export function scheduler(options: SchedulerOptions): Scheduler {
  const { time, targets, groups = [], clock, chance = Math.random } = options;
  const weather = { ...FAIR, ...options.weather };
  const invocations = new Invocations(targets, time);
  const firing = new Firing({ time, weather, chance, invoke: (schedule, occurrence) => invocations.invoke(schedule, occurrence) });
  const refusals = new Refusals(weather, chance);
  const assume = (role: string) => refusals.assume(role);
  const stores = new Map<string, Store>();
  const storeOf = ({ account, region }: Scope) => {
    const key = `${account} ${region}`;
    const store = stores.get(key) ?? new Store(region, account, groups, time.now());
    stores.set(key, store);
    return store;
  };

  const answer = async (request: IncomingMessage): Promise<object> => {
    const text = await readText(request, MAX_BODY_BYTES);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (clock && request.method === 'POST' && url.pathname === CLOCK_PATH) return steer(clock, readJson(text));
    const { operation, resource } = operationFor(request.method ?? '', url.pathname);
    refusals.throttle();
    const parts = { store: storeOf(scopeOf(request, options)), firing, time, assume };
    return operation(parts, { resource, query: url.searchParams, body: readJson(text) });
  };

  return {
    server: createServer(onlyForPrograms((request, response) => void respond(response, answer(request)))),
    stop() {
      firing.stop();
      invocations.stop();
    },
  };
}

/** A member that is null counts as left out. */
function readJson(text: string | undefined): object {
  if (text === undefined) throw invalid('The request is too large');
  const body = (() => {
    try {
      return text === '' ? {} : JSON.parse(text, (_, value) => value ?? undefined);
    } catch {
      throw invalid('The request body is not JSON');
    }
  })();
  if (typeof body !== 'object' || Array.isArray(body)) throw invalid('The request body is not an object');
  return body;
}

async function respond(response: ServerResponse, answer: Promise<object>): Promise<void> {
  const send = (status: number, body: object, headers = {}) =>
    response
      .writeHead(status, { 'Content-Type': 'application/json', 'x-amzn-RequestId': randomUUID(), ...headers })
      .end(JSON.stringify(body));
  try {
    send(200, await answer);
  } catch (error) {
    const known = error instanceof SchedulerError ? error : new SchedulerError('InternalServerException', String(error));
    send(known.status, { Message: known.message }, { 'x-amzn-ErrorType': known.type });
  }
}
