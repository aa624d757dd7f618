import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIMEOUTS } from '../../aws/clients.ts';
import { dynamoCheckpoints } from '../../aws/dynamo-checkpoints.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoKeys } from '../../aws/dynamo-keys.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { dynamoSwitch } from '../../aws/dynamo-switch.ts';
import { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import { createTable } from '../../local/database/database.ts';
import { close, listen } from '../../local/loopback.ts';
import { DelayQueue, type DelayQueueOptions } from '../../local/queue/delay-queue.ts';
import { scheduler } from '../../local/scheduler/server.ts';
import type { LocalTime } from '../../local/time.ts';
import type { VirtualClock } from '../../testing/virtual-clock.ts';
import { lambdaOnly } from '../support/lambda-only.ts';
import { type FaultFor, FaultProxy } from './fault-proxy.ts';

const GROUP = 'local-jobs';
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

/** Time of a local service on a clock that is moved. */
export function localTime(clock: VirtualClock): LocalTime {
  return {
    now: () => clock.now(),
    after(ms, callBack) {
      const cancelled = new AbortController();
      void clock.wait(Math.max(1, ms), cancelled.signal).then(() => {
        if (!cancelled.signal.aborted) callBack();
      });
      return () => cancelled.abort();
    },
  };
}

export interface AwsServicesOptions {
  /** The endpoint of the database, and the table to make in it. */
  readonly database: string;
  readonly table: string;
  readonly clock: VirtualClock;
  readonly faultFor: FaultFor;
  /** How long the SDK waits for an answer, in milliseconds of real time. */
  readonly requestTimeout: number;
  /** Takes the ticks of EventBridge. */
  readonly fire: (event: unknown) => void;
  readonly queue: Pick<DelayQueueOptions, 'visibilityTimeoutMs' | 'maxReceiveCount' | 'deliver' | 'deadLetter'>;
}

/** Carillon's adapters over the real SDK and the local services, on a clock that is moved, with faults in between. */
export async function awsServices({ database, table: name, clock, faultFor, requestTimeout, fire, queue: taker }: AwsServicesOptions) {
  const time = localTime(clock);
  await createTable(database, tableDefinition(name));
  const calls = new Set<Promise<unknown>>();
  const delayed = new DelayQueue({ time, arn: arn('sqs', 'runner'), ...taker });
  const clockwork = scheduler({
    region: 'us-east-1',
    account: '000000000000',
    groups: [GROUP],
    time,
    targets: lambdaOnly((_arn, event) => fire(event)),
  });
  const [schedulerPort, queuePort] = await Promise.all([listen(clockwork.server), listen(delayed.server)]);
  const proxies = {
    dynamodb: await new FaultProxy('dynamodb', database, faultFor).start(),
    scheduler: await new FaultProxy('scheduler', `http://127.0.0.1:${schedulerPort}`, faultFor).start(),
    sqs: await new FaultProxy('sqs', `http://127.0.0.1:${queuePort}`, faultFor).start(),
  };
  const client = (service: keyof typeof proxies) => ({
    endpoint: proxies[service].url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...TIMEOUTS,
    requestHandler: { ...TIMEOUTS.requestHandler, requestTimeout },
  });
  const documents = counted(
    DynamoDBDocumentClient.from(new DynamoDBClient(client('dynamodb')), { marshallOptions: { removeUndefinedValues: true } }),
    calls,
  );
  const schedules = counted(new SchedulerClient(client('scheduler')), calls);
  const messages = counted(new SQSClient(client('sqs')), calls);
  const table = { client: documents, name };
  const settings = {
    groupName: GROUP,
    runnerArnOf: () => arn('lambda', 'function:runner'),
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
    undeliveredArn: arn('sqs', 'undelivered'),
  };
  return {
    table,
    proxies,
    ports: {
      jobs: dynamoJobs(table),
      runs: dynamoRuns(table, clock),
      stage: dynamoSwitch(table, clock),
      keys: dynamoKeys(table),
      checkpoints: dynamoCheckpoints(table),
      engine: eventBridgeEngine(schedules, settings),
      queue: sqsQueue(messages, () => `${proxies.sqs.url}/000000000000/runner`),
    },
    /** Lets everything happen that needs no further time. */
    async quiet(): Promise<void> {
      for (let rounds = 0; rounds < 4; rounds++) {
        while (calls.size > 0) {
          rounds = 0;
          await Promise.race(calls);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    /** Of all services. */
    givenUp: () => Object.values(proxies).reduce((sum, proxy) => sum + proxy.givenUp, 0),
    async stop(): Promise<void> {
      clockwork.stop();
      delayed.stop();
      for (const one of [documents, schedules, messages]) one.destroy();
      await Promise.all([...Object.values(proxies).map((proxy) => proxy.stop()), close(clockwork.server), close(delayed.server)]);
    },
  };
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
