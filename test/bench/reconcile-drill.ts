import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { type EngineSettings, eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { jobToItem } from '../../aws/job-item.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import { render, scheduleName } from '../../core/job/render.ts';
import type { Reconciled } from '../../core/reconcile/reconcile.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';
import { close, listen } from '../../local/loopback.ts';
import { DelayQueue } from '../../local/queue/delay-queue.ts';
import { scheduler } from '../../local/scheduler/server.ts';
import { machineTime } from '../../local/time.ts';

const HOUR = 3_600_000;
const GROUP = 'drill-jobs';
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

/** What a pass is told of its world. */
export interface DrillSettings {
  readonly dynamodb: string;
  readonly scheduler: string;
  readonly sqs: string;
  readonly table: string;
  readonly engine: EngineSettings;
  /** How far its clock is ahead of the machine's. */
  readonly ahead: number;
}

export interface PassReport {
  readonly pass: Reconciled;
  readonly calls: Readonly<Record<string, number>>;
  readonly peakMb: number;
}

export interface DrillReport {
  readonly jobs: number;
  readonly drifted: number;
  readonly interrupted: number;
  readonly sweep: PassReport;
  readonly sweepSeconds: number;
  readonly second: PassReport;
  /** Schedules of jobs that are there, which were deleted. */
  readonly wrongDeletions: number;
  /** Jobs and schedules that do not correspond after the sweep. */
  readonly wrong: readonly string[];
}

type Update = UpdateScheduleCommandInput;

/** What a hand or an accident does to a schedule; the names are printed. */
const BY_HAND: Readonly<Record<string, (held: Update) => Partial<Update>>> = {
  'another expression': () => ({ ScheduleExpression: 'cron(5 5 5 5 ? *)' }),
  'another zone': () => ({ ScheduleExpressionTimezone: 'Asia/Tokyo' }),
  'turned off, or on': ({ State }) => ({ State: State === 'ENABLED' ? 'DISABLED' : 'ENABLED' }),
  'an end': () => ({ EndDate: new Date('2040-01-01T00:00:00Z') }),
  'a start': () => ({ StartDate: new Date('2039-01-01T00:00:00Z') }),
  'another function': ({ Target }) => ({ Target: { ...(Target as NonNullable<typeof Target>), Arn: arn('lambda', 'function:other') } }),
  'another input': ({ Target }) => ({ Target: { ...(Target as NonNullable<typeof Target>), Input: '{"jobId":"other"}' } }),
  'another role': ({ Target }) => ({
    Target: { ...(Target as NonNullable<typeof Target>), RoleArn: 'arn:aws:iam::000000000000:role/other' },
  }),
  'no dead letters': ({ Target }) => {
    const { DeadLetterConfig: _, ...rest } = Target as NonNullable<typeof Target>;
    return { Target: rest };
  },
  'a flexible window': () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } }),
};
const OTHERS = ['gone', 'left behind', 'of a namesake', 'not applied', 'not removed'];
export const KINDS = [...Object.keys(BY_HAND), ...OTHERS];

/** Makes so many jobs and their schedules, harms one in a hundred, and has the reconciler put them right, interrupted five times. */
export async function reconcileDrill(count: number, say: (line: string) => void): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-drill-'));
  const database = await startDatabase(join(folder, 'table'));
  let ahead = 0;
  const time = { ...machineTime, now: () => Date.now() + ahead };
  const clockwork = scheduler({ region: 'us-east-1', account: '000000000000', groups: [GROUP], time, fire: () => undefined });
  const deleted: string[] = [];
  clockwork.server.prependListener('request', ({ method, url = '' }) => {
    if (method === 'DELETE') deleted.push(decodeURIComponent(/^\/schedules\/([^?]+)/.exec(url)?.[1] ?? ''));
  });
  const queue = new DelayQueue({
    arn: arn('sqs', 'q'),
    time,
    visibilityTimeoutMs: HOUR,
    maxReceiveCount: 5,
    deliver: async () => ({ ok: true, value: null }),
    deadLetter: () => undefined,
  });
  const [schedulerPort, queuePort] = await Promise.all([listen(clockwork.server), listen(queue.server)]);
  const settings = {
    dynamodb: database.endpoint,
    scheduler: `http://127.0.0.1:${schedulerPort}`,
    sqs: `http://127.0.0.1:${queuePort}`,
    table: 'drill',
    engine: {
      groupName: GROUP,
      runnerArn: arn('lambda', 'function:runner'),
      roleArn: 'arn:aws:iam::000000000000:role/scheduler',
      undeliveredArn: arn('sqs', 'undelivered'),
    },
  };
  await createTable(database.endpoint, tableDefinition(settings.table));
  const client = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const raw = DynamoDBDocumentClient.from(new DynamoDBClient(client(settings.dynamodb)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const schedules = new SchedulerClient(client(settings.scheduler));
  const engine = eventBridgeEngine(schedules, settings.engine);
  const store = dynamoJobs({ client: raw, name: settings.table });

  try {
    const jobs = Array.from({ length: count }, (_, n) => jobOf(n, time.now()));
    await inParallel(chunks(jobs, 25), 4, (batch) => write(raw, settings.table, batch));
    await inParallel(jobs, 32, async (job) => {
      await engine.put(scheduleOf(job));
    });
    say(`${count} jobs and their schedules made`);
    ahead += HOUR;
    const drifted = jobs.filter((_, n) => n % 100 === 42);
    const alive = await harm(drifted, { jobs, engine, schedules, raw, table: settings.table, now: () => time.now() });
    ahead += 2 * HOUR;
    deleted.length = 0;

    const started = performance.now();
    let interrupted = 0;
    for (const share of [0.1, 0.25, 0.45, 0.6, 0.8]) {
      if (await interruptedPass({ ...settings, ahead }, share * count, jobs)) interrupted += 1;
      // The lease of the killed pass has to run out: by then the schedule has asked for another one.
      ahead += 15 * 60_000;
    }
    const sweep = await wholePass({ ...settings, ahead });
    const sweepSeconds = (performance.now() - started) / 1000;
    ahead += HOUR + 60_000;
    const second = await wholePass({ ...settings, ahead });

    const names = new Set(alive.map(scheduleName));
    const wrongDeletions = deleted.filter((name) => names.has(name)).length;
    const wrong: string[] = [];
    const held = new Set<string>();
    for (let token: string | undefined, more = true; more; more = token !== undefined) {
      const page = await engine.list('', token);
      for (const { name } of page.schedules) held.add(name);
      token = page.next;
    }
    for (const name of held) if (!names.has(name)) wrong.push(`${name} has no job`);
    for (const name of names) if (!held.has(name)) wrong.push(`${name} has no schedule`);
    for (const { id } of alive.filter((_, n) => n % 100 === 42 || n < 50)) {
      const job = await store.get(id);
      if (!job || job.intent !== null || (await engine.compare(scheduleOf(job))) !== 'same') wrong.push(`${id} is not as it should be`);
    }
    return { jobs: count, drifted: drifted.length, interrupted, sweep, sweepSeconds, second, wrongDeletions, wrong };
  } finally {
    schedules.destroy();
    raw.destroy();
    clockwork.stop();
    queue.stop();
    clockwork.server.closeAllConnections();
    await Promise.all([close(clockwork.server), close(queue.server)]);
    await database.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Once a year or a month, so that the drill is about schedules; some are paused, some have an end. */
function jobOf(n: number, now: number): Job {
  const at = Math.floor(now / 1000) * 1000;
  return {
    id: `team-${n % 7}.job-${String(n).padStart(7, '0')}` as JobId,
    uid: `uid${String(n).padStart(9, '0')}` as JobUid,
    rev: 1,
    module: 'noop' as ModuleName,
    source: 'api',
    schedule: n % 2 === 0 ? `cron(${n % 60} 8 1 1 ? *)` : `cron(${n % 60} 8 ${1 + (n % 28)} 6 ? *)`,
    timezone: 'Europe/Berlin',
    start: null,
    end: n % 5 === 0 ? Date.parse('2090-01-01T00:00:00Z') : null,
    anchor: at,
    timing: 1,
    timingFrom: at,
    previous: [],
    paused: n % 11 === 0 ? { by: 'user', reason: null, at } : null,
    firstTick: null,
    input: undefined,
    policies: {},
    description: null,
    tags: [],
    intent: null,
    rejection: null,
    createdAt: at,
    updatedAt: at,
    madeAt: null,
  };
}

function scheduleOf(job: Job) {
  const schedule = render(job);
  if (!schedule) throw new Error(`${job.id} has no schedule`);
  return schedule;
}

interface World {
  readonly jobs: readonly Job[];
  readonly engine: ReturnType<typeof eventBridgeEngine>;
  readonly schedules: SchedulerClient;
  readonly raw: DynamoDBDocumentClient;
  readonly table: string;
  readonly now: () => number;
}

/** Harms each of them in its own way; returns the jobs that are to be there in the end. */
async function harm(drifted: readonly Job[], world: World): Promise<Job[]> {
  const { schedules, engine, raw, table, now } = world;
  const gone = new Set<JobId>();
  await inParallel(
    drifted.map((job, n) => ({ job, kind: KINDS[n % KINDS.length] ?? '' })),
    16,
    async ({ job, kind }) => {
      const key = { Name: scheduleName(job), GroupName: GROUP };
      const change = BY_HAND[kind];
      if (change) {
        const held = writable(await schedules.send(new GetScheduleCommand(key)));
        await schedules.send(new UpdateScheduleCommand({ ...held, ...change(held) }));
      } else if (kind === 'gone') await schedules.send(new DeleteScheduleCommand(key));
      else if (kind === 'of a namesake') await engine.put({ ...scheduleOf(job), name: `${job.id}.earlier`, enabled: false });
      else if (kind === 'not applied') {
        await schedules.send(new DeleteScheduleCommand(key));
        await write(raw, table, [{ ...job, intent: 'apply', updatedAt: now() }]);
      } else if (kind === 'not removed') {
        await write(raw, table, [{ ...job, intent: 'delete', updatedAt: now() }]);
        gone.add(job.id);
      } else {
        await dynamoJobs({ client: raw, name: table }).remove(job);
        gone.add(job.id);
      }
    },
  );
  return world.jobs.filter(({ id }) => !gone.has(id));
}

function writable(held: GetScheduleCommandOutput): Update {
  const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...rest } = held;
  return rest as Update;
}

async function write(raw: DynamoDBDocumentClient, table: string, jobs: readonly Job[]): Promise<void> {
  await raw.send(new BatchWriteCommand({ RequestItems: { [table]: jobs.map((job) => ({ PutRequest: { Item: jobToItem(job) } })) } }));
}

function startPass(settings: DrillSettings) {
  const start = fileURLToPath(new URL('../../local/start.mjs', import.meta.url));
  const file = fileURLToPath(new URL('./reconcile-pass.ts', import.meta.url));
  const child = spawn(process.execPath, ['--max-old-space-size=160', start, file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }), exited: once(child, 'exit') };
}

/** Kills a pass when it has walked past so many jobs; whether it was still at it. */
async function interruptedPass(settings: DrillSettings, afterJobs: number, jobs: readonly Job[]): Promise<boolean> {
  const { child, lines, exited } = startPass(settings);
  const ids = jobs.map(({ id }) => id).sort();
  let wasKilled = false;
  for await (const line of lines) {
    const { part } = JSON.parse(line) as { part?: string | null };
    if (part && ids.filter((id) => id <= part).length >= afterJobs) {
      wasKilled = child.kill('SIGKILL');
      break;
    }
  }
  await exited;
  return wasKilled;
}

async function wholePass(settings: DrillSettings): Promise<PassReport> {
  const { lines, exited } = startPass(settings);
  let report: PassReport | undefined;
  for await (const line of lines) {
    const read = JSON.parse(line) as PassReport | { part: string };
    if ('pass' in read) report = read;
  }
  await exited;
  if (!report) throw new Error('the pass ended without a word');
  return report;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) await work(items[n] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
