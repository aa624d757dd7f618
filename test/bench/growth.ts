import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { jobToItem } from '../../aws/job-item.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import { bundleApart } from '../../infra/bundle/index.ts';
import { eachAtOnce } from '../support/each-at-once.ts';
import { type ApiHandler, apiEvent } from './api-event.ts';
import { chart, type Line } from './chart.ts';
import { type Figure, median, ratioAtMost, type Section } from './figures.ts';
import { ASKED, firingTime, passTime, WARM } from './growth-services.ts';
import { TABLE, withServices } from './services.ts';

// What operations take with 100 jobs and with many: the built functions over the real SDK and the local services. The jobs are written
// to the table as creates leave them, and as many schedules are put into an emulator of their own.

const root = fileURLToPath(new URL('../..', import.meta.url));
const [BATCH, COLD] = [25, 4];
const START = Date.parse('2026-01-01T00:00:00Z');

const idOf = (n: number) => `job-${String(n).padStart(7, '0')}`;

export function growth({ most }: { readonly most: number }): Promise<Section> {
  return withServices(async ({ endpoint }) => {
    const bundles = await bundleApart(root);
    try {
      const { handler } = (await import(pathToFileURL(join(bundles.folder, 'api/handler.mjs')).href)) as { handler: ApiHandler };
      const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1' }));
      const lines = new Map<string, [number, number][]>();
      let stored = 0;
      for (let size = 100; size <= most; size *= 10) {
        await store(client, stored, size);
        stored = size;
        // The first rounds are not compiled yet.
        for (let n = 0; size === 100 && n < COLD; n++) await timesAt(handler, size);
        for (const [name, ms] of await timesAt(handler, size)) lines.set(name, [...(lines.get(name) ?? []), [size, ms]]);
      }
      return await told([...lines].map(([name, points]) => ({ name, points })));
    } finally {
      await bundles.remove();
    }
  });
}

async function timesAt(handler: ApiHandler, size: number): Promise<Map<string, number>> {
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
  // With few jobs a pass is what every pass asks first.
  if (size >= 10_000) times.set('the reconciler’s pass, a thousand jobs', await passTime(size));
  // The emulator has its schedules in memory: more than this no laptop has.
  if (size <= 100_000) times.set('the emulator fires one', await firingTime(size));
  return times;
}

/** Tokens are signed, so that one has to walk there. */
async function tokenAfter(handler: ApiHandler, jobs: number): Promise<string> {
  let token = '';
  for (let seen = 0; seen < jobs; seen += 500) {
    const { body } = await ask(handler, 'GET', '/v1/jobs', `limit=${Math.min(500, jobs - seen)}${token && `&pageToken=${token}`}`);
    token = JSON.parse(body).nextPageToken;
  }
  return token;
}

async function ask(handler: ApiHandler, method: string, path: string, query = '', body?: string) {
  const answer = await handler(apiEvent(method, path, query, body), { awsRequestId: 'r', getRemainingTimeInMillis: () => 29_000 });
  if (answer.statusCode >= 400) throw new Error(`${method} ${path}?${query}: ${answer.statusCode} ${answer.body}`);
  return answer;
}

/** Writes jobs to the table as creates leave them. */
export function store(client: DynamoDBDocumentClient, from: number, to: number, more: Partial<Job> = {}): Promise<void> {
  return eachAtOnce(Math.ceil((to - from) / BATCH), async (batch) => {
    const first = from + batch * BATCH;
    const requests = Array.from({ length: Math.min(BATCH, to - first) }, (_, n) => ({
      PutRequest: { Item: jobToItem({ ...jobOf(first + n), ...more }) },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
  });
}

/** One that is due once a year. */
export function jobOf(n: number): Job {
  const times = { timingFrom: START, anchor: START, createdAt: START, updatedAt: START, madeAt: START };
  const nothing = { start: null, end: null, description: null, set: null, paused: null, rejection: null, intent: null, firstTick: null };
  return {
    ...times,
    ...nothing,
    id: idOf(n) as JobId,
    uid: String(n).padStart(20, 'a') as JobUid,
    rev: 1,
    timing: 1,
    previous: [],
    changes: [],
    module: 'heartbeat' as ModuleName,
    schedule: `cron(${n % 60} ${n % 24} 1 1 ? *)`,
    timezone: 'UTC',
    tags: [],
    policies: {},
    input: undefined,
  };
}

async function told(lines: readonly Line[]): Promise<Section> {
  const figures = lines.map(({ name, points }): Figure => {
    const [first, ...later] = points;
    const [jobs, value] = (later.length > 0 ? later : points).reduce((worst, point) => (point[1] > worst[1] ? point : worst));
    return {
      what: `${name}, at its slowest: with ${jobs.toLocaleString('en')} jobs`,
      value,
      unit: 'ms',
      beside: { what: `with ${first?.[0].toLocaleString('en')}`, value: first?.[1] ?? Number.NaN },
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
      `Medians of ${ASKED}; a pass is one. The jobs are due once a year and have no runs yet.`,
      '',
      ` A file of 100,000 jobs is applied by the API with \`node local/start.mjs test/bench/apply.ts\`, and the reconciler’s repairs are measured by \`node local/start.mjs test/bench/reconcile.ts\`.`,
    ],
  };
}
