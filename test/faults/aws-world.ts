import { afterAll, beforeAll, vi } from 'vitest';
import type { ModuleDefinition } from '../../core/define-module.ts';
import type { Clock } from '../../core/ports.ts';
import type { Reconciled } from '../../core/reconcile/reconcile.ts';
import type { RunnerPorts } from '../../core/run/execute.ts';
import type { LogLine } from '../../core/run/run.ts';
import { api } from '../../functions/api/app.ts';
import { handleEvent } from '../../functions/reconciler/handle-event.ts';
import { deliverEvent } from '../../functions/runner/deliver-event.ts';
import { type Database, startDatabase } from '../../local/database/database.ts';
import type { InvocationResult } from '../../local/lambda/execution-environment.ts';
import { DelayQueue } from '../../local/queue/delay-queue.ts';
import { memoryModules, seededRandom } from '../../testing/memory-modules.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { awsServices, localTime } from './aws-services.ts';
import type { Fault, Service } from './fault-proxy.ts';
import { faultModules } from './modules.ts';

export const NOW = '2027-01-01T00:00:00Z';
const RUNNER_TIMEOUT = 900_000;

/**
 * Makes worlds for the tests of one file, whose database is the dear part: the handlers of the API, the runner and the reconciler
 * over the real SDK and the local services, with faults in between, on a clock that the test moves; and what their modules do.
 */
export function awsWorlds() {
  let database: Database;
  let tables = 0;
  const worlds: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    // The SDK waits a random part of up to a second before it tries again.
    vi.spyOn(Math, 'random').mockReturnValue(0.01);
    database = await startDatabase(undefined);
  });
  afterAll(async () => {
    await Promise.all(worlds.map((one) => one.stop()));
    await database.stop();
  });
  return async () => {
    const { modules, effects, end } = faultModules();
    const w = await makeWorld(database.endpoint, `faults-${++tables}`, modules);
    worlds.push(w);
    return { w, effects, end };
  };
}

/** Makes the next requests of an operation fail in a way; three of them are one call of ours. */
export interface Injection {
  readonly service: Service;
  readonly operation: string;
  readonly fault: Fault;
  times: number;
  /** Only requests whose text has this. */
  readonly about?: string;
}

function injected(injections: readonly Injection[], service: Service, operation: string, text: string): Fault | undefined {
  const found = injections.find(
    (one) => one.times > 0 && one.service === service && one.operation === operation && (!one.about || text.includes(one.about)),
  );
  if (found) found.times -= 1;
  return found?.fault;
}

export type AwsWorld = Awaited<ReturnType<typeof makeWorld>>;

async function makeWorld(database: string, name: string, modules: Readonly<Record<string, ModuleDefinition>>) {
  const clock = new VirtualClock(NOW);
  /** What is done for events: it is at rest only when it waits for the clock. */
  const failures: { event: unknown; error: string }[] = [];
  let invocations = 0;
  const invoke = async (
    handler: (event: unknown, context: Context) => Promise<unknown>,
    event: unknown,
    requestId: string,
  ): Promise<InvocationResult> => {
    const deadline = clock.now() + RUNNER_TIMEOUT;
    try {
      return { ok: true, value: await handler(event, { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - clock.now() }) };
    } catch (error) {
      failures.push({ event, error: String(error) });
      return { ok: false, error: { type: 'Error', message: String(error) } };
    }
  };
  const run = (event: unknown, requestId = `request-${++invocations}`) =>
    invoke(async (received, context) => (await deliverEvent(process(), received, context)).response, event, requestId);
  const tick = async (event: unknown) => {
    const requestId = `request-${++invocations}`;
    const result = await run(event, requestId);
    if (!result.ok)
      undelivered.send(JSON.stringify({ requestContext: { requestId, condition: 'RetriesExhausted' }, requestPayload: event }));
  };
  let generation = 0;
  /** The runner's ports as one process has them: once it is killed, nothing that waits goes on. */
  const process = (): RunnerPorts => {
    const own = generation;
    const wait: Clock['wait'] = async (ms, signal) => {
      await clock.wait(ms, signal);
      if (own !== generation) await new Promise(() => undefined);
    };
    return { ...runner, clock: { now: () => clock.now(), wait } };
  };
  const queueOptions = { visibilityTimeoutMs: RUNNER_TIMEOUT + 120_000, maxReceiveCount: 5 };
  const dead: string[] = [];
  const undelivered = new DelayQueue({
    ...queueOptions,
    time: localTime(clock),
    arn: 'arn:aws:sqs:us-east-1:000000000000:undelivered',
    deliver: (event) => invoke((received, context) => handleEvent(control, received, context), event, 'undelivered'),
    deadLetter: (body) => dead.push(body),
  });
  const injections: Injection[] = [];
  const services = await awsServices({
    database,
    table: name,
    clock,
    faultFor: (service, operation, text) => injected(injections, service, operation, text),
    requestTimeout: 250,
    fire: (event) => void tick(event),
    queue: { ...queueOptions, deliver: (event) => run(event), deadLetter: (body) => undelivered.send(body) },
  });
  const { table, proxies, quiet } = services;
  const catalog = memoryModules(modules);
  const control = { clock, random: seededRandom(1), catalog, aliveSince: 0, ...services.ports };
  const lived: number[] = [];
  const log: LogLine[] = [];
  const runner: RunnerPorts = {
    ...control,
    isOurs: () => true,
    modules: catalog,
    log: (_run, line) => log.push(line),
    secrets: ['env-secret-4711'],
    crash: () => new Promise(() => undefined),
    bodyLives: () => lived.push(clock.now()),
  };
  const app = api(control);

  return {
    ...control,
    table,
    runner,
    clock,
    proxies,
    log,
    failures,
    dead,
    catalog,
    /** Makes the next requests of an operation fail in a way; three of them are one call of ours. */
    inject(service: keyof typeof proxies, operation: string, fault: Injection['fault'], times = 1, about?: string): Injection {
      const injection = { service, operation, fault, times, ...(about !== undefined && { about }) };
      injections.push(injection);
      return injection;
    },
    heal() {
      injections.length = 0;
    },
    /** A request of the API: its status, headers and JSON. */
    async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await app.request(path, {
        method,
        headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
      return { status: response.status, headers: response.headers, json: (answer === '' ? undefined : JSON.parse(answer)) as any };
    },
    /** Puts an event among those that could not be delivered. */
    async undelivered(record: unknown): Promise<void> {
      undelivered.send(JSON.stringify(record));
      await this.pass(1);
    },
    /** Lambda kills everything that is under way: nothing of it is heard again. */
    kill() {
      generation += 1;
    },
    largestItem: () => Math.max(...proxies.dynamodb.sizes),
    /** Hands the runner an event, as EventBridge does, and puts it aside when that fails. */
    tick,
    async reconcile(request: { readonly restarted?: boolean } = {}): Promise<Reconciled> {
      const ports = { ...control, aliveSince: request.restarted ? clock.now() : 0 };
      const pass = handleEvent(ports, { settledForMs: 0, ...request }, { getRemainingTimeInMillis: () => RUNNER_TIMEOUT });
      return (await clock.until(pass, quiet)) as Reconciled;
    },
    quiet,
    /** Lets time pass: schedules fire, messages arrive, runs are executed. */
    async pass(ms: number): Promise<void> {
      const until = clock.now() + ms;
      for (;;) {
        await quiet();
        const next = clock.nextWake;
        if (next === undefined || next > until) break;
        await clock.advance(next - clock.now());
      }
      await clock.advance(until - clock.now());
      await quiet();
    },
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    async runsOf(id: string): Promise<any[]> {
      const { runs } = (await this.request('GET', `/v1/jobs/${id}/runs?limit=100`)).json;
      return runs.toReversed();
    },
    async stop() {
      undelivered.stop();
      await services.stop();
    },
  };
}

interface Context {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}
