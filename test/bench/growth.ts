import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { jobToItem } from '../../aws/job-item.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import { bundleApart } from '../../infra/bundle/index.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';
import { startScheduler } from '../../local/scheduler/index.ts';
import { chart, type Line } from './chart.ts';
import { type Figure, median, ratioAtMost, type Section } from './figures.ts';

// What operations take with 100 jobs and with many: the built functions over the real SDK and the local services. The jobs are written
// to the table as creates leave them; their schedules are made where schedules are measured.

const root = fileURLToPath(new URL('../..', import.meta.url));
export const TABLE = 'bench';
const [BATCH, AT_ONCE, ASKED, WARM] = [25, 16, 41, 60];
const START = Date.parse('2026-01-01T00:00:00Z');

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number; body: string }>;
const idOf = (n: number) => `job-${String(n).padStart(7, '0')}`;

export async function growth({ most }: { readonly most: number }): Promise<Section> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-growth-'));
  const database = await startDatabase(join(data, 'table'));
  const schedules = await startScheduler({ region: 'us-east-1', account: '000000000000', targets: { lambda: async () => undefined } });
  const bundles = await bundleApart(root);
  let leave = () => {};
  try {
    await createTable(database.endpoint, tableDefinition(TABLE));
    leave = environment(database.endpoint, schedules.url);
    await fetch(`${schedules.url}/schedule-groups/bench`, { method: 'POST', body: '{}' });
    const { handler } = (await import(pathToFileURL(join(bundles.folder, 'api/handler.mjs')).href)) as { handler: Handler };
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: database.endpoint, region: 'us-east-1' }));
    const lines = new Map<string, [number, number][]>();
    let stored = 0;
    for (let size = 100; size <= most; size *= 10) {
      await store(client, stored, size);
      stored = size;
      // The first round is not compiled yet.
      if (size === 100) await timesAt(handler, size);
      for (const [name, ms] of await timesAt(handler, size)) lines.set(name, [...(lines.get(name) ?? []), [size, ms]]);
    }
    return await told([...lines].map(([name, points]) => ({ name, points })));
  } finally {
    leave();
    await bundles.remove();
    await schedules.stop();
    await database.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function timesAt(handler: Handler, size: number): Promise<Map<string, number>> {
  const middle = Math.floor(size / 2);
  const token = await tokenAfter(handler, middle);
  let made = 0;
  const operations: Record<string, () => Promise<unknown>> = {
    'first page of the list': () => ask(handler, 'GET', '/v1/jobs', 'limit=25'),
    'a later page': () => ask(handler, 'GET', '/v1/jobs', `limit=25&pageToken=${token}`),
    'the console’s list': () => ask(handler, 'GET', '/v1/jobs', 'limit=25&include=outcomes'),
    'get a job, with its next run': () => ask(handler, 'GET', `/v1/jobs/${idOf(middle)}`),
    'create a job': () => {
      const body = JSON.stringify({ id: `new-${size}-${made++}`, module: 'heartbeat', schedule: 'cron(0 3 * * ? *)' });
      return ask(handler, 'POST', '/v1/jobs', '', body);
    },
    'delete a job': () => ask(handler, 'DELETE', `/v1/jobs/new-${size}-${--made}`),
  };
  const times = new Map<string, number>();
  for (const [name, operation] of Object.entries(operations)) {
    const list: number[] = [];
    // Deletes take what was created away again.
    for (let n = 0; n < ASKED + WARM; n++) {
      const began = performance.now();
      await operation();
      if (n >= WARM) list.push(performance.now() - began);
    }
    times.set(name, median(list));
  }
  return times;
}

/** Tokens are signed, so that one has to walk there. */
async function tokenAfter(handler: Handler, jobs: number): Promise<string> {
  let token = '';
  for (let seen = 0; seen < jobs; seen += 500) {
    const { body } = await ask(handler, 'GET', '/v1/jobs', `limit=${Math.min(500, jobs - seen)}${token && `&pageToken=${token}`}`);
    token = JSON.parse(body).nextPageToken;
  }
  return token;
}

async function ask(handler: Handler, method: string, path: string, query = '', body?: string) {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' };
  const requestContext = { accountId: '0', domainName: 'bench', http, requestId: 'r', stage: '$default' };
  const headers = { host: 'bench', ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }) };
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext,
    isBase64Encoded: false,
    ...(body && { body }),
  };
  const answer = await handler(event, { awsRequestId: 'r', getRemainingTimeInMillis: () => 29_000 });
  if (answer.statusCode >= 400) throw new Error(`${method} ${path}?${query}: ${answer.statusCode} ${answer.body}`);
  return answer;
}

async function store(client: DynamoDBDocumentClient, from: number, to: number): Promise<void> {
  let next = from;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < to) {
        const first = next;
        next = Math.min(to, first + BATCH);
        const requests = Array.from({ length: next - first }, (_, n) => ({ PutRequest: { Item: jobToItem(jobOf(first + n)) } }));
        await client.send(new BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
      }
    }),
  );
}

function jobOf(n: number): Job {
  const times = { timingFrom: START, anchor: START, createdAt: START, updatedAt: START, madeAt: START };
  const nothing = { start: null, end: null, description: null, set: null, paused: null, rejection: null, intent: null, firstTick: null };
  return {
    ...{
      ...times,
      ...nothing,
      id: idOf(n) as JobId,
      uid: String(n).padStart(20, 'a') as JobUid,
      rev: 1,
      timing: 1,
      previous: [],
      changes: [],
    },
    ...{
      module: 'heartbeat' as ModuleName,
      schedule: `cron(${n % 60} ${n % 24} 1 1 ? *)`,
      timezone: 'UTC',
      tags: [],
      policies: {},
      input: undefined,
    },
  };
}

async function told(lines: readonly Line[]): Promise<Section> {
  const figures = lines.map(({ name, points }): Figure => {
    const [first, last] = [points[0], points.at(-1)];
    const value = last?.[1] ?? Number.NaN;
    return {
      what: `${name}, with ${last?.[0].toLocaleString('en')} jobs`,
      value,
      unit: 'ms',
      beside: { what: 'with 100', value: first?.[1] ?? Number.NaN },
      budget: ratioAtMost(2),
    };
  });
  const folder = join(root, 'docs/performance');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'growth.svg'), chart('What an operation takes, by the number of jobs', 'ms', lines));
  return {
    figures,
    text: [
      `![growth](performance/growth.svg)`,
      '',
      `Medians of ${ASKED}. A file of 100,000 jobs is applied by the API with \`node local/start.mjs test/bench/apply.ts\`, the reconciler is measured by \`node local/start.mjs test/bench/reconcile.ts\`, the emulator by \`test/bench/scheduler.ts\`.`,
    ],
  };
}

/** What a function finds in its environment; gives back what takes it away, for those that come after. */
export function environment(database: string, schedules: string): () => void {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ENDPOINT_URL_SCHEDULER: schedules,
    CARILLON_TABLE: TABLE,
    CARILLON_SCHEDULE_GROUP: 'bench',
    CARILLON_RUNNER_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:bench:live',
    CARILLON_SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/bench',
    CARILLON_QUEUE_URL: 'http://127.0.0.1:9/000000000000/bench',
    CARILLON_UNDELIVERED_ARN: 'arn:aws:sqs:us-east-1:000000000000:bench',
    CARILLON_STAGE: 'local',
  });
  return () => {
    process.env = before;
  };
}
