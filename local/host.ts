import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tableDefinition } from '../aws/table-definition.ts';
import { type BuildListener, Builds } from './builds.ts';
import { createTable, startDatabase } from './database/database.ts';
import { type HostListener, LambdaHost } from './lambda/lambda-host.ts';
import { close, listen } from './loopback.ts';
import { DelayQueue } from './queue/delay-queue.ts';
import { Journal } from './scheduler/journal.ts';
import { scheduler } from './scheduler/server.ts';
import { machineTime } from './time.ts';

export interface HostOptions {
  /** The folder with jobs/. */
  readonly project: string;
  readonly dataFolder: string;
  /** What modules find in process.env beside what Lambda sets. */
  readonly moduleEnvironment: Readonly<Record<string, string>>;
  /** Endpoints to use in place of the services here: AWS_ENDPOINT_URL_DYNAMODB, _SCHEDULER, _SQS. */
  readonly endpoints: Readonly<Partial<Record<'dynamodb' | 'scheduler' | 'sqs', string>>>;
  readonly listener: HostListener;
  /** Hears of the builds that follow changes in jobs/. */
  readonly builds: BuildListener;
}

/** What a module's own variables may replace. */
const LAMBDA_ENVIRONMENT = {
  TZ: ':UTC',
  PATH: process.env.PATH ?? '',
  // The SDK's versions are pinned, and what is deployed runs on Node 24.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

export interface Host {
  /** Where the newest build is. */
  folder(): string;
  /** Hands an event to the API function. */
  api(event: unknown): ReturnType<LambdaHost['invoke']>;
  stop(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const TABLE = 'carillon-local';
const GROUP = 'local-jobs';
const arnOf = (functionName: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:carillon-local-${functionName}`;
const arnOfQueue = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:carillon-local-${name}`;
const RUNNER_TIMEOUT_MS = 15 * 60_000;
const RUNNER_EVENT_AGE_MS = 60 * 60_000;
const VISIBILITY_MS = RUNNER_TIMEOUT_MS + 120_000;
/** Whoever has started it asks something first; the pass would take a core for seconds where there are many jobs. */
const PUT_RIGHT_AFTER_MS = 1_000;
/** When a pass that failed at the start is made again. */
const AGAIN_MS = 5_000;
const RECONCILE_EVERY_MS = 5 * 60_000;
const LIMITS = {
  reconciler: { timeoutMs: RUNNER_TIMEOUT_MS, memoryMb: 512, concurrency: 1, onDemand: true },
  // Many clients are answered by few threads: each has the code to compile anew, and one at a time it would wait for the table.
  api: { timeoutMs: 29_000, memoryMb: 512, concurrency: 8, atOnce: 8 },
  runner: { timeoutMs: RUNNER_TIMEOUT_MS, memoryMb: 512, concurrency: 50 },
};

/** The first requests are answered by then, and the first change of a module finds the builder loaded. */
const LOAD_BUILDER_MS = 1_000;

/** The builder takes half a second to load, and most starts have nothing to build. */
const builder = () => import('../infra/bundle/index.ts');

/** The builds of a project. */
export function projectBuilds(project: string, folder: string, since = performance.timeOrigin): Builds {
  return new Builds({
    jobs: join(project, 'jobs'),
    folder,
    since,
    async buildInto(into, earlier) {
      const { bundle, bundleModules, sourcesOf } = await builder();
      const metafiles = earlier === undefined ? Object.values(await bundle(project, into)) : [await bundleModules(project, into, earlier)];
      return sourcesOf(project, metafiles);
    },
  });
}

/** Builds the functions and starts everything they need on 127.0.0.1; resolves when jobs fire and the API can answer. */
export async function startHost(options: HostOptions): Promise<Host> {
  const aliveSince = machineTime.now();
  await mkdir(options.dataFolder, { recursive: true });
  const builds = projectBuilds(options.project, join(options.dataFolder, 'build'));
  const [database, build] = await Promise.all([
    options.endpoints.dynamodb ? undefined : startDatabase(join(options.dataFolder, 'table')),
    builds.first(),
  ]);
  const dynamodb = options.endpoints.dynamodb ?? database?.endpoint ?? '';
  await createTable(dynamodb, tableDefinition(TABLE));

  // As everything invokes it, here and on AWS.
  const runner = `${arnOf('runner')}:live`;
  const undelivered = new DelayQueue({
    arn: arnOfQueue('undelivered'),
    time: machineTime,
    visibilityTimeoutMs: VISIBILITY_MS,
    maxReceiveCount: 5,
    deliver: (event, lineage) => lambda.invoke(arnOf('reconciler'), event, { lineage }),
    deadLetter: (body) => options.listener.line('queue', `dead letter: ${body}`),
  });
  const lambda = new LambdaHost(options.listener);
  const onFailure = (record: unknown) => undelivered.send(JSON.stringify(record));
  lambda.configureAsync(runner, { retries: 0, maxEventAgeMs: RUNNER_EVENT_AGE_MS, onFailure });
  const schedules = scheduler({
    region: REGION,
    account: ACCOUNT,
    groups: [GROUP],
    journal: await Journal.open(join(options.dataFolder, 'schedules.jsonl')),
    time: machineTime,
    targets: {
      // Queued is done.
      lambda: async (arn, event) => void lambda.invokeLater(arn, JSON.parse(event)),
      sqs: async ({ body }) => undelivered.send(body),
      dropped: (arn, why) => options.listener.line('scheduler', `dropped what ${arn} was due to deliver: ${why}`),
    },
  });
  const queue = new DelayQueue({
    arn: arnOfQueue('runner'),
    time: machineTime,
    visibilityTimeoutMs: VISIBILITY_MS,
    maxReceiveCount: 5,
    deliver: (event, lineage) => lambda.invoke(runner, event, { lineage }),
    deadLetter: (body) => undelivered.send(body),
  });
  const [schedulerPort, queuePort] = await Promise.all([listen(schedules.server), listen(queue.server)]);
  const sqs = options.endpoints.sqs ?? `http://127.0.0.1:${queuePort}`;

  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SCHEDULER: options.endpoints.scheduler ?? `http://127.0.0.1:${schedulerPort}`,
    AWS_ENDPOINT_URL_SQS: sqs,
    CARILLON_TABLE: TABLE,
    CARILLON_SCHEDULE_GROUP: GROUP,
    CARILLON_RUNNER_ARN: runner,
    CARILLON_SCHEDULER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/carillon-local-scheduler`,
    CARILLON_QUEUE_URL: `${sqs}/${ACCOUNT}/carillon-local-runner`,
    CARILLON_UNDELIVERED_ARN: arnOfQueue('undelivered'),
    CARILLON_ALIVE_SINCE: String(aliveSince),
    CARILLON_STAGE: 'local',
    // What they would say is in the API; here nobody collects it.
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  let current = build;
  const deploy = (folder: string) => {
    current = folder;
    for (const [name, limits] of Object.entries(LIMITS)) {
      const ofModules = name === 'runner' ? options.moduleEnvironment : {};
      const file = join(folder, name, 'handler.mjs');
      lambda.put({ name, arn: arnOf(name), file, environment: { ...LAMBDA_ENVIRONMENT, ...ofModules, ...environment }, ...limits });
    }
  };
  deploy(build);

  // What was kept fires from here on; what the kill of before cut off is put right meanwhile. What was written since is still at it.
  const putRight = async () => {
    const settledForMs = machineTime.now() - aliveSince;
    const { ok } = await lambda.invoke(arnOf('reconciler'), { settledForMs, restarted: true });
    if (!ok && !isStopped) setTimeout(() => void putRight(), AGAIN_MS).unref();
  };
  let isStopped = false;
  const soon = setTimeout(() => void putRight(), PUT_RIGHT_AFTER_MS);
  const routine = setInterval(() => void lambda.invoke(arnOf('reconciler'), {}), RECONCILE_EVERY_MS);

  const loading = setTimeout(() => void builder(), LOAD_BUILDER_MS);

  const stopWatching = await builds.watch({
    ...options.builds,
    built(folder, ms) {
      deploy(folder);
      options.builds.built(folder, ms);
    },
  });

  return {
    folder: () => current,
    api: (event) => lambda.invoke(arnOf('api'), event),
    async stop() {
      isStopped = true;
      clearTimeout(soon);
      clearInterval(routine);
      clearTimeout(loading);
      await stopWatching();
      schedules.stop();
      queue.stop();
      undelivered.stop();
      await Promise.all([lambda.stop(), close(schedules.server), close(queue.server)]);
      await database?.stop();
    },
  };
}
