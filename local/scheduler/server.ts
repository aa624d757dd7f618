import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onlyForPrograms, readText } from '../loopback.ts';
import type { LocalTime } from '../time.ts';
import { invalid, SchedulerError } from './errors.ts';
import { Firing } from './firing.ts';
import { createSchedule } from './operations/create-schedule.ts';
import { deleteSchedule } from './operations/delete-schedule.ts';
import { getSchedule } from './operations/get-schedule.ts';
import { listSchedules } from './operations/list-schedules.ts';
import type { Operation, Parts } from './operations/operation.ts';
import { updateSchedule } from './operations/update-schedule.ts';
import { ScheduleStore } from './store.ts';
import type { Fire } from './target.ts';

export interface SchedulerOptions {
  readonly region: string;
  readonly account: string;
  /** Schedule groups that exist beside `default`. */
  readonly groups: readonly string[];
  readonly fire: Fire;
  readonly time: LocalTime;
}

/** EventBridge Scheduler on a laptop: its REST JSON protocol over HTTP, and schedules that fire. */
export interface Scheduler {
  readonly server: Server;
  stop(): void;
}

const OPERATIONS: Record<string, Operation> = { POST: createSchedule, PUT: updateSchedule, GET: getSchedule, DELETE: deleteSchedule };

const MAX_BODY_BYTES = 1024 * 1024;

export function scheduler({ fire, time, ...account }: SchedulerOptions): Scheduler {
  const store = new ScheduleStore(account);
  const firing = new Firing(store, fire, time);
  const parts: Parts = { store, firing, now: time.now };
  return {
    server: createServer(onlyForPrograms((request, response) => void answer(parts, request, response))),
    stop: () => firing.stop(),
  };
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const text = await readText(request, MAX_BODY_BYTES);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isList = request.method === 'GET' && url.pathname === '/schedules';
    const name = isList ? '' : /^\/schedules\/([^/]+)$/.exec(url.pathname)?.[1];
    const operation = isList ? listSchedules : OPERATIONS[request.method ?? ''];
    if (name === undefined || !operation) throw invalid(`The local scheduler has no operation ${request.method} ${url.pathname} yet`);
    respond(response, 200, operation(parts, { name: decodeURIComponent(name), query: url.searchParams, body: readJson(text) }));
  } catch (error) {
    const known = error instanceof SchedulerError ? error : new SchedulerError('InternalServerException', String(error));
    respond(response, known.status, { Message: known.message }, { 'x-amzn-ErrorType': known.type });
  }
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) throw invalid('The request is too large');
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw invalid('The request body is not JSON');
  }
}

function respond(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'x-amzn-RequestId': randomUUID(), ...headers })
    .end(JSON.stringify(body));
}
