import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { type EngineSettings, eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import type { Job } from '../../core/job/job.ts';
import { scheduleName } from '../../core/job/render.ts';
import type { Reconciled } from '../../core/reconcile/reconcile.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';
import { close, listen } from '../../local/loopback.ts';
import { DelayQueue } from '../../local/queue/delay-queue.ts';
import { scheduler } from '../../local/scheduler/server.ts';
import { type LocalTime, machineTime } from '../../local/time.ts';
import { lambdaOnly } from '../support/lambda-only.ts';
import { arn, chunks, GROUP, harm, inParallel, jobOf, numberOf, scheduleOf, write } from './drifts.ts';

const HOUR = 3_600_000;

/** What a pass is told of its world. */
export interface DrillSettings {
  readonly dynamodb: string;
  readonly scheduler: string;
  readonly sqs: string;
  readonly table: string;
  /** It travels as JSON. */
  readonly engine: Omit<EngineSettings, 'runnerArnOf'> & { readonly runnerArn: string };
  /** How far its clock is ahead of the machine's. */
  readonly ahead: number;
}

export function engineOf({ engine: { runnerArn, ...engine } }: Pick<DrillSettings, 'engine'>): EngineSettings {
  return { ...engine, runnerArnOf: () => runnerArn };
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

/** Makes so many jobs and their schedules, harms one in a hundred, and has the reconciler put them right, interrupted five times. */
export async function reconcileDrill(count: number, say: (line: string) => void): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-drill-'));
  const database = await startDatabase(join(folder, 'table'));
  let ahead = 0;
  const time: LocalTime = { after: (ms, wake) => machineTime.after(ms, wake), now: () => Date.now() + ahead };
  const clockwork = scheduler({
    region: 'us-east-1',
    account: '000000000000',
    groups: [GROUP],
    time,
    targets: lambdaOnly(() => undefined),
  });
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
  const engine = eventBridgeEngine(schedules, engineOf(settings));
  const store = dynamoJobs({ client: raw, name: settings.table });

  try {
    const jobs: Job[] = [];
    const numbers = Array.from({ length: count }, (_, n) => n);
    await inParallel(chunks(numbers, 25), 4, async (some) => {
      const made = some.map((n) => jobOf(n, time.now()));
      await write(raw, settings.table, made);
      await Promise.all(made.map((job) => engine.put(scheduleOf(job))));
      for (const job of made) jobs[numberOf(job)] = job;
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
    const { at } = JSON.parse(line) as { at?: string | null };
    if (at && ids.filter((id) => id <= at).length >= afterJobs) {
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
    const read = JSON.parse(line) as PassReport | { at: string };
    if ('pass' in read) report = read;
  }
  await exited;
  if (!report) throw new Error('the pass ended without a word');
  return report;
}
