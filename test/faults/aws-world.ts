import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, vi } from 'vitest';
import { TIMEOUTS } from '../../aws/clients.ts';
import { dynamoCheckpoints } from '../../aws/dynamo-checkpoints.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoKeys } from '../../aws/dynamo-keys.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { dynamoSwitch } from '../../aws/dynamo-switch.ts';
import { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import type { ModuleDefinition } from '../../core/define-module.ts';
import type { Clock } from '../../core/ports.ts';
import type { Reconciled } from '../../core/reconcile/reconcile.ts';
import type { RunnerPorts } from '../../core/run/execute.ts';
import type { LogLine } from '../../core/run/run.ts';
import { api } from '../../functions/api/app.ts';
import { handleEvent } from '../../functions/reconciler/handle-event.ts';
import { deliverEvent } from '../../functions/runner/deliver-event.ts';
import { createTable, type Database, startDatabase } from '../../local/database/database.ts';
import type { InvocationResult } from '../../local/lambda/execution-environment.ts';
import { close, listen } from '../../local/loopback.ts';
import { DelayQueue } from '../../local/queue/delay-queue.ts';
import { scheduler } from '../../local/scheduler/server.ts';
import type { LocalTime } from '../../local/time.ts';
import { memoryModules, seededRandom } from '../../testing/memory-modules.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { FaultProxy, type Injection } from './fault-proxy.ts';
import { faultModules } from './modules.ts';

export const NOW = '2027-01-01T00:00:00Z';
const GROUP = 'local-jobs';
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
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

export type AwsWorld = Awaited<ReturnType<typeof makeWorld>>;

async function makeWorld(database: string, name: string, modules: Readonly<Record<string, ModuleDefinition>>) {
  const clock = new VirtualClock(NOW);
  const time: LocalTime = {
    now: () => clock.now(),
    after(ms, callBack) {
      const cancelled = new AbortController();
      void clock.wait(Math.max(1, ms), cancelled.signal).then(() => {
        if (!cancelled.signal.aborted) callBack();
      });
      return () => cancelled.abort();
    },
  };
  await createTable(database, tableDefinition(name));

  const calls = new Set<Promise<unknown>>();
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
  const queueOptions = { time, visibilityTimeoutMs: RUNNER_TIMEOUT + 120_000, maxReceiveCount: 5 };
  const dead: string[] = [];
  const undelivered = new DelayQueue({
    ...queueOptions,
    arn: arn('sqs', 'undelivered'),
    deliver: (event) => invoke((received, context) => handleEvent(control, received, context), event, 'undelivered'),
    deadLetter: (body) => dead.push(body),
  });
  const queue = new DelayQueue({ ...queueOptions, arn: arn('sqs', 'runner'), deliver: run, deadLetter: (body) => undelivered.send(body) });
  const clockwork = scheduler({
    region: 'us-east-1',
    account: '000000000000',
    groups: [GROUP],
    time,
    fire: (_arn, event) => void tick(event),
  });
  const [schedulerPort, queuePort] = await Promise.all([listen(clockwork.server), listen(queue.server)]);

  const injections: Injection[] = [];
  const proxies = {
    dynamodb: await new FaultProxy('dynamodb', database, injections).start(),
    scheduler: await new FaultProxy('scheduler', `http://127.0.0.1:${schedulerPort}`, injections).start(),
    sqs: await new FaultProxy('sqs', `http://127.0.0.1:${queuePort}`, injections).start(),
  };
  const client = (service: keyof typeof proxies) => ({
    endpoint: proxies[service].url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...TIMEOUTS,
    requestHandler: { ...TIMEOUTS.requestHandler, requestTimeout: 250 },
  });
  const documents = counted(
    DynamoDBDocumentClient.from(new DynamoDBClient(client('dynamodb')), { marshallOptions: { removeUndefinedValues: true } }),
    calls,
  );
  const schedules = counted(new SchedulerClient(client('scheduler')), calls);
  const messages = counted(new SQSClient(client('sqs')), calls);

  const table = { client: documents, name };
  const catalog = memoryModules(modules);
  const settings = {
    groupName: GROUP,
    runnerArn: arn('lambda', 'function:runner'),
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
    undeliveredArn: arn('sqs', 'undelivered'),
  };
  const control = {
    clock,
    random: seededRandom(1),
    jobs: dynamoJobs(table),
    runs: dynamoRuns(table, clock),
    stage: dynamoSwitch(table, clock),
    keys: dynamoKeys(table),
    checkpoints: dynamoCheckpoints(table),
    engine: eventBridgeEngine(schedules, settings),
    queue: sqsQueue(messages, `${proxies.sqs.url}/000000000000/runner`),
    catalog,
  };
  const lived: number[] = [];
  const log: LogLine[] = [];
  const runner: RunnerPorts = {
    ...control,
    modules: catalog,
    log: (_run, line) => log.push(line),
    secrets: ['env-secret-4711'],
    crash: () => new Promise(() => undefined),
    bodyLives: () => lived.push(clock.now()),
  };
  const app = api(control);

  /** Lets everything happen that needs no further time. */
  async function quiet(): Promise<void> {
    for (let rounds = 0; rounds < 4; rounds++) {
      while (calls.size > 0) {
        rounds = 0;
        await Promise.race(calls);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

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
    async reconcile(request: object = {}): Promise<Reconciled> {
      const pass = handleEvent(control, { settledForMs: 0, ...request }, { getRemainingTimeInMillis: () => RUNNER_TIMEOUT });
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
      clockwork.stop();
      queue.stop();
      undelivered.stop();
      documents.destroy();
      schedules.destroy();
      messages.destroy();
      await Promise.all([...Object.values(proxies).map((proxy) => proxy.stop()), close(clockwork.server), close(queue.server)]);
    },
  };
}

interface Context {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** Keeps the calls of a client that are under way. */
function counted<Client extends { send: unknown }>(client: Client, calls: Set<Promise<unknown>>): Client {
  const send = (client.send as (...args: unknown[]) => Promise<unknown>).bind(client);
  client.send = (...args: unknown[]) => {
    const call = send(...args);
    const ended = call.then(
      () => undefined,
      () => undefined,
    );
    calls.add(ended);
    void ended.then(() => calls.delete(ended));
    return call;
  };
  return client;
}
