import { Session } from 'node:inspector/promises';
import { memoryModules } from '../../testing/memory-modules.ts';
import type { Figure, Section } from './figures.ts';
import { RUNNERS, withServices } from './services.ts';

// Where the time of a create goes in the function's thread, over the real SDK and the local services: a sampling profile, by package.

const [WARM, CREATES] = [3_000, 2_000];

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

export function profile(): Promise<Section> {
  return withServices(async () => {
    const create = await creates();
    for (let n = 0; n < WARM; n++) await create(n);
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    const began = performance.now();
    for (let n = 0; n < CREATES; n++) await create(WARM + n);
    const took = performance.now() - began;
    const { profile: found } = await session.post('Profiler.stop');
    session.disconnect();
    const times = new Map<number, number>();
    for (const [n, node] of (found.samples ?? []).entries()) times.set(node, (times.get(node) ?? 0) + (found.timeDeltas?.[n] ?? 0) / 1_000);
    const owned = new Map<string, number>();
    for (const { id, callFrame } of found.nodes) {
      const [owner] = OWNERS.find(([, fits]) => fits.test(callFrame.url || callFrame.functionName)) ?? ['the rest'];
      owned.set(owner, (owned.get(owner) ?? 0) + (times.get(id) ?? 0));
    }
    const each = [...owned].map(([what, ms]): Figure => ({ what, value: ms / CREATES, unit: 'ms' }));
    return {
      figures: [{ what: 'a create, from request to answer', value: took / CREATES, unit: 'ms' }, ...each.sort((a, b) => b.value - a.value)],
      text: [
        `A sampling profile of ${CREATES} creates one after the other, after ${WARM} others. A create is three calls of the SDK: the job, its schedule, and that it has it.`,
      ],
    };
  });
}

/** From the sources, where each file has an address of its own; they read the environment when they are imported. */
async function creates(): Promise<(n: number) => Promise<void>> {
  const { controlPorts } = await import('../../aws/control-ports.ts');
  const { api } = await import('../../functions/api/app.ts');
  const { defineModule } = await import('../../core/define-module.ts');
  const catalog = memoryModules({ noop: defineModule({ description: 'does nothing', run: () => undefined }) }, {});
  const app = api({ ...controlPorts(RUNNERS), catalog });
  return async (n) => {
    const body = JSON.stringify({ id: `job-${n}`, module: 'noop', schedule: 'cron(0 3 * * ? *)' });
    const { status } = await app.request('/v1/jobs', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    if (status !== 201) throw new Error(`job-${n}: ${status}`);
  };
}
