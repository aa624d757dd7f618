import { Session } from 'node:inspector/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defineModule } from '../../core/define-module.ts';
import { memoryModules } from '../../testing/memory-modules.ts';
import { type Figure, type Section, short } from './figures.ts';
import { jobOf, store } from './growth.ts';
import { RUNNERS, withServices } from './services.ts';

// Where the time of a create, a run and a list goes in the function's thread, over the real SDK and the local services: sampling profiles, by package.

const [WARM, MEASURED] = [3_000, 2_000];
const [PAGES, PAGE] = [100, 500];
const MINUTE = 60_000;
/** One that is due while the minute turns is late, and runs all the same. */
const DUE_EACH_MINUTE = { schedule: 'cron(* * * * ? *)', policies: { catchUp: { within: '1h', run: 'all' } } } as const;
const noop = defineModule({ description: 'does nothing', run: () => undefined });

/** Whose code it is, by the address of the file; the first that fits. */
const OWNERS: readonly (readonly [string, RegExp])[] = [
  ['waiting for answers', /^\(idle\)/],
  ['garbage collection', /^\(garbage collector\)/],
  ['the SDK (@aws-sdk, @smithy)', /node_modules\/@(aws-sdk|smithy)\//],
  ['zod', /node_modules\/zod\//],
  ['hono', /node_modules\/hono\//],
  ['Carillon (core, aws, functions)', /\/(core|aws|functions)\/.*\.ts/],
  [
    'Node: HTTP, sockets, streams',
    /node:(_?http|net|_?stream|internal\/(streams|stream_base|http))|writev|writeUtf8|^execute|onStreamRead/,
  ],
  ['Node: Request and Response', /undici|webstreams|node:internal\/(abort|event_target|url)/],
  ['Node: hashes of signatures', /node:(internal\/)?crypto|Hash|Hmac|digest/],
];

/** Milliseconds of one, in all and by whose code they were spent in. */
interface Profile {
  readonly ms: number;
  readonly by: ReadonlyMap<string, number>;
}

export function profile(): Promise<Section> {
  return withServices(async ({ endpoint }) => {
    const { create, list } = await requests();
    const created = await profiled(WARM, MEASURED, create);
    const listed = await profiled(PAGES, PAGES, list);
    await store(DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint })), 0, WARM + MEASURED, DUE_EACH_MINUTE);
    const ran = await profiled(WARM, MEASURED, await runs());
    const all = [created, ran, listed];
    const owners = [...created.by.keys()].sort((a, b) => (ran.by.get(b) ?? 0) - (ran.by.get(a) ?? 0));
    const figures: Figure[] = [
      { what: 'a create, from request to answer', value: created.ms, unit: 'ms' },
      { what: 'a run, from tick to record', value: ran.ms, unit: 'ms' },
      { what: `a page of ${PAGE} jobs`, value: listed.ms, unit: 'ms' },
    ];
    const cells = (owner: string) =>
      all.map(({ by, ms }) => `${short(by.get(owner) ?? 0)} (${Math.round((100 * (by.get(owner) ?? 0)) / ms)} %)`);
    return {
      figures,
      text: [
        `Sampling profiles of ${MEASURED} creates, ${MEASURED} runs and ${PAGES} pages, one after the other, after as many and more that warm up. A create is three calls of the SDK: the job, its schedule, and that it has it. A run with overlap \`skip\`, the default, is six: the job and what ran before, the claim, the lock, the end, the lock given back. In milliseconds:`,
        '',
        `| | a create | a run | a page of ${PAGE} jobs |`,
        '| --- | --- | --- | --- |',
        ...owners.map((owner) => `| ${owner} | ${cells(owner).join(' | ')} |`),
      ],
    };
  });
}

async function profiled(warm: number, count: number, once: (n: number) => Promise<void>): Promise<Profile> {
  for (let n = 0; n < warm; n++) await once(n);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const began = performance.now();
  for (let n = 0; n < count; n++) await once(warm + n);
  const took = performance.now() - began;
  const { profile: found } = await session.post('Profiler.stop');
  session.disconnect();
  const times = new Map<number, number>();
  for (const [n, node] of (found.samples ?? []).entries()) times.set(node, (times.get(node) ?? 0) + (found.timeDeltas?.[n] ?? 0) / 1_000);
  const by = new Map<string, number>();
  for (const { id, callFrame } of found.nodes) {
    const [owner] = OWNERS.find(([, fits]) => fits.test(callFrame.url || callFrame.functionName)) ?? ['the rest'];
    by.set(owner, (by.get(owner) ?? 0) + (times.get(id) ?? 0) / count);
  }
  return { ms: took / count, by };
}

/** From the sources, where each file has an address of its own; they read the environment when they are imported. */
async function requests() {
  const { controlPorts } = await import('../../aws/control-ports.ts');
  const { api } = await import('../../functions/api/app.ts');
  const app = api({ ...controlPorts(RUNNERS), catalog: memoryModules({ noop }, {}) });
  const ask = async (path: string, expected: number, init: RequestInit = {}) => {
    const answer = await app.request(path, init);
    if (answer.status !== expected) throw new Error(`${path}: ${answer.status}`);
    await answer.text();
  };
  const headers = { 'Content-Type': 'application/json' };
  return {
    create: (n: number) => {
      const body = JSON.stringify({ id: `made-${n}`, module: 'noop', schedule: 'cron(0 3 * * ? *)' });
      return ask('/v1/jobs', 201, { method: 'POST', body, headers });
    },
    list: () => ask(`/v1/jobs?limit=${PAGE}`, 200),
  };
}

/** Each job has one run, by a tick of the last whole minute: what is older is late. */
async function runs(): Promise<(n: number) => Promise<void>> {
  const { functionPorts } = await import('../../aws/function-ports.ts');
  const { processCrashes } = await import('../../aws/process-crashes.ts');
  const { moduleLoader } = await import('../../core/run/module-loader.ts');
  const { deliverEvent } = await import('../../functions/runner/deliver-event.ts');
  const ports = {
    ...functionPorts(RUNNERS),
    modules: moduleLoader({ heartbeat: async () => ({ default: noop }) }),
    isOurs: RUNNERS.isOurs,
    log: () => undefined,
    secrets: [],
    crash: processCrashes(),
    bodyLives: () => undefined,
  };
  return async (n) => {
    const { id, uid, timing } = jobOf(n);
    const now = ports.clock.now();
    const dueAt = new Date(now - (now % MINUTE)).toISOString();
    const context = { awsRequestId: `request-${n}`, getRemainingTimeInMillis: () => 15 * MINUTE };
    const [delivery] = (await deliverEvent(ports, { jobId: id, jobUid: uid, timing, dueAt }, context)).deliveries;
    if (delivery?.is !== 'ran' || delivery.run.state !== 'succeeded') throw new Error(`${id}: ${JSON.stringify(delivery)}`);
  };
}
