import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleFunctions, bytesAtStart, FUNCTIONS, NEVER_LOADED, OPTIONS } from '../../infra/bundle/functions.ts';
import { bundle } from '../../infra/bundle/index.ts';
import { writeRegistry } from '../../infra/bundle/registry.ts';
import { makeProject } from '../support/project.ts';
import { type Figure, median, ratioAtMost, type Section } from './figures.ts';
import { FUNCTION } from './services.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const RUNS = 61;
const MODULES = [3, 200, 2_000];
const LIMITS = { api: 1.5, runner: 1.15, reconciler: 1.5 };

/** The clients of the SDK that a function has, with the commands that it sends. */
const CLIENTS = {
  dynamodb: `import { dynamoClient } from './aws/clients.ts';
    export { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
    export const dynamo = dynamoClient();`,
  scheduler: `import { schedulerClient } from './aws/clients.ts';
    export { CreateScheduleCommand, DeleteScheduleCommand, GetScheduleCommand, ListSchedulesCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
    export const schedules = schedulerClient();`,
  eventbridge: `import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
    export { PutEventsCommand } from '@aws-sdk/client-eventbridge';
    export const events = () => new EventBridgeClient({});`,
  sqs: `import { sqsClient } from './aws/clients.ts';
    export { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
    export const messages = sqsClient();`,
};
/** What else of other people's is loaded at the start. */
const LIBRARIES = {
  zod: `import * as z from './core/zod.ts';
    const text = z.string();
    export const all = [z.int().check(z.minimum(1)), z.enum(['a']), z.record(text, z.unknown()), z.url(), z.iso.datetime(),
      z.discriminatedUnion('a', [z.object({ a: z.literal('b') }), z.strictObject({ a: z.literal('c') })]), z.union([text, z.boolean()]),
      z.pipe(text, z.transform((read) => read)), z.optional(text), z._default(z.nullable(text), null), z.array(text)];`,
  powertools: `import { Logger } from '@aws-lambda-powertools/logger';
    import { Metrics } from '@aws-lambda-powertools/metrics';
    export const [logger, metrics] = [new Logger({ serviceName: 'x' }), new Metrics({ namespace: 'x', serviceName: 'x' })];`,
  hono: `import { Hono } from 'hono';
    import { handle } from 'hono/aws-lambda';
    export const handler = handle(new Hono());`,
};
const WITH = { api: ['zod', 'hono'], runner: ['zod', 'powertools'], reconciler: ['zod', 'powertools'] } as const;
const OF = {
  api: ['dynamodb', 'scheduler', 'sqs'],
  runner: ['dynamodb', 'sqs', 'eventbridge'],
  reconciler: ['dynamodb', 'scheduler', 'sqs', 'eventbridge'],
} as const satisfies Record<(typeof FUNCTIONS)[number], readonly (keyof typeof CLIENTS)[]>;

const ENVIRONMENT = { ...FUNCTION, AWS_LAMBDA_FUNCTION_NAME: 'bench', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** How long each bundle takes to be imported by a process that is new, beside an empty one and one of the same clients only. */
export async function cold(): Promise<Section> {
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = await mkdtemp(join(root, 'node_modules/.cache/bench-'));
  const grown: { readonly modules: number; readonly file: string; readonly remove: () => Promise<void> }[] = [];
  try {
    const built = await bundle(root, join(folder, 'built'));
    for (const name of FUNCTIONS) {
      const clients = OF[name].map((client) => CLIENTS[client]);
      await bundled(folder, `clients/${name}`, clients);
      await bundled(folder, `libraries/${name}`, [...clients, ...WITH[name].map((library) => LIBRARIES[library])]);
    }
    await writeFile(join(folder, 'empty.mjs'), 'export const handler = () => undefined;');
    for (const modules of MODULES) grown.push(await withModules(modules));
    const files = [
      join(folder, 'empty.mjs'),
      ...FUNCTIONS.flatMap((name) => ['built', 'clients', 'libraries'].map((kind) => join(folder, kind, name, 'handler.mjs'))),
      ...grown.map(({ file }) => file),
    ];
    const times = await importTimes(files);
    const of = (file: string) => times.get(file) ?? Number.NaN;
    const empty = of(join(folder, 'empty.mjs'));
    const figures = FUNCTIONS.flatMap((name): Figure[] => {
      const value = of(join(folder, 'built', name, 'handler.mjs'));
      const beside = (kind: string, what: string) => ({ what, value: of(join(folder, kind, name, 'handler.mjs')) });
      const what = `${name}: import (${Math.round(bytesAtStart(built[name]) / 1024)} KB at its start)`;
      const clients = beside('clients', 'its clients of the SDK alone');
      const libraries = beside('libraries', `these with ${WITH[name].join(' and ')}`);
      return [
        { what, value, unit: 'ms', beside: clients, budget: ratioAtMost(LIMITS[name]) },
        { what: `${name}: import`, value, unit: 'ms', beside: libraries },
      ];
    });
    const [few, ...more] = grown.map(({ modules, file }) => ({ modules, value: of(file) }));
    const flat = more.map(({ modules, value }): Figure => {
      return {
        what: `runner of ${modules} modules: import`,
        value,
        unit: 'ms',
        beside: { what: `one of ${few?.modules}`, value: few?.value ?? Number.NaN },
        budget: ratioAtMost(1.15),
      };
    });
    return {
      figures: [...figures, ...flat, { what: 'an empty bundle: import', value: empty, unit: 'ms' }],
      text: [
        `Medians of ${RUNS} new processes each, taken in turns; the time of Node's own start is not in them. The clients alone are bundled with the same options, with the commands that the function sends.`,
      ],
    };
  } finally {
    for (const { remove } of grown) await remove();
    await rm(folder, { recursive: true });
  }
}

async function bundled(folder: string, name: string, parts: readonly string[]): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await build({
    ...OPTIONS,
    stdin: { contents: parts.join('\n'), resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    alias: { '@aws-sdk/credential-provider-node': join(root, 'aws/environment-credentials.ts') },
    external: NEVER_LOADED,
    outfile: join(folder, name, 'handler.mjs'),
  });
}

async function withModules(count: number) {
  const module = (n: number) =>
    `import { defineModule } from 'carillon';\nexport default defineModule({ description: 'number ${n}', run: () => ${n} });`;
  const project = await makeProject(Object.fromEntries(Array.from({ length: count }, (_, n) => [`module-${n}`, module(n)])));
  await writeRegistry(join(project.root, 'jobs'));
  await bundleFunctions(project.root, 'dist', ['runner']);
  await mkdir(join(project.root, 'dist/runner/manifest'));
  await writeFile(join(project.root, 'dist/runner/manifest/runners.json'), '{}');
  return { modules: count, file: join(project.root, 'dist/runner/handler.mjs'), remove: project.remove };
}

/** In turns, so that what else the machine does meets all alike. */
async function importTimes(files: readonly string[]): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(files.map((file) => [file, []]));
  const program = 'const began = performance.now(); await import(process.argv[1]); console.log(performance.now() - began); process.exit();';
  for (let n = 0; n <= RUNS; n++) {
    for (const [file, list] of times) {
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program, file], {
        env: { ...ENVIRONMENT, PATH: process.env.PATH ?? '' },
      });
      // The first finds nothing in the disk's cache.
      if (n > 0) list.push(Number(stdout));
    }
  }
  return new Map([...times].map(([file, list]) => [file, median(list)]));
}
