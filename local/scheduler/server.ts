import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onlyForPrograms, readText } from '../loopback.ts';
import { type LocalClock, type LocalTime, StoppableTime } from '../time.ts';
import { CLOCK_PATH, steer } from './clock-control.ts';
import { invalid, SchedulerError } from './errors.ts';
import { Firing } from './firing.ts';
import { Invocations } from './invocation.ts';
import type { Journal } from './journal.ts';
import { Kept, restore } from './kept.ts';
import type { Parts } from './operation.ts';
import { operationFor } from './routes.ts';
import { type Scope, scopeOf } from './scope.ts';
import { Store, type StoredSchedule } from './store.ts';
import type { Targets } from './targets/targets.ts';
import { FAIR, Refusals, type Weather } from './weather.ts';

export interface SchedulerOptions extends Scope {
  /** Schedule groups that exist beside `default`. */
  readonly groups?: readonly string[];
  readonly targets: Targets;
  /** Keeps the schedules beyond this process, and has those of the one before. */
  readonly journal?: Journal | undefined;
  readonly time: LocalTime;
  readonly weather?: Partial<Weather>;
  /** Numbers from 0 up to 1, for windows and the weather. */
  readonly chance?: () => number;
  /** The clock that `time` is of, where it is moved: a move waits for what fell due to be delivered. */
  readonly clock?: LocalClock;
  /** Lets requests move it. */
  readonly steerable?: boolean;
}

/** EventBridge Scheduler on a laptop: its REST JSON protocol over HTTP, and schedules that fire. */
export interface Scheduler {
  readonly server: Server;
  stop(): void;
}

/** A request with the largest Input, escaped. */
const MAX_BODY_BYTES = 1024 * 1024;

export function scheduler(options: SchedulerOptions): Scheduler {
  const { targets, groups = [], clock, journal, chance = Math.random } = options;
  const time = new StoppableTime(options.time);
  const weather = { ...FAIR, ...options.weather };
  const invocations = new Invocations(targets, time);
  const refusals = new Refusals(weather, chance);
  const assume = (role: string) => refusals.assume(role);
  const scopes = new Map<string, Parts>();
  const partsOf = (scope: Scope): Parts => {
    const key = `${scope.account}/${scope.region}`;
    const known = scopes.get(key);
    if (known) return known;
    const store = new Store(scope, groups, time.now(), journal && new Kept(journal, scope));
    const invoke = (schedule: StoredSchedule, occurrence: number) => invocations.invoke(schedule, occurrence);
    const parts = { store, firing: new Firing({ store, time, weather, chance, invoke }), time, assume };
    scopes.set(key, parts);
    return parts;
  };
  if (journal) restore(journal, (scope) => partsOf(scope).store);
  for (const { firing } of scopes.values()) firing.resume();
  clock?.waitFor(() => invocations.idle());

  const answer = async (request: IncomingMessage): Promise<object> => {
    const text = await readText(request, MAX_BODY_BYTES);
    const { method = '', url = '/' } = request;
    // By hand, since URL takes the names . and .. for steps.
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const body = () => readJson(method === 'GET' || method === 'DELETE' ? '' : text);
    if (clock && options.steerable && method === 'POST' && path === CLOCK_PATH) return steer(clock, body());
    const { operation, resource } = operationFor(method, path);
    refusals.throttle();
    const { scope, isNamed } = scopeOf(request, options);
    return operation(partsOf(scope), { resource, query: new URLSearchParams(query), body: body(), isNamed });
  };

  return {
    server: createServer(onlyForPrograms((request, response) => void respond(response, answer(request)))),
    stop() {
      time.stop();
      journal?.close();
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
