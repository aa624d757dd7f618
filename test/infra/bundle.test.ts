import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GiveUp } from '../../core/define-module.ts';
import { endingOf } from '../../core/run/ending.ts';
import { bundleFunctions, bytesAtStart, handlerOf, moduleFiles, NEVER_LOADED } from '../../infra/bundle/functions.ts';
import { bundle } from '../../infra/bundle/index.ts';
import { writeRegistry } from '../../infra/bundle/registry.ts';
import { makeProject } from '../support/project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let out: string;
let built: Record<'api' | 'runner' | 'reconciler', Metafile>;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'carillon-build-'));
  built = await bundle(root, out);
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function digests(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digest = async (file: string) =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  return Object.fromEntries(await Promise.all(files.map(async (file) => [relative(folder, file), await digest(file)])));
}

const MODULES = ['csv-digest', 'heartbeat', 'http-check', 'webhook'];
const inputs = (name: keyof typeof built) => Object.keys(built[name].inputs);

describe('the bundles', () => {
  it('the API holds no code of a module, nor does the reconciler', () => {
    expect([...inputs('api'), ...inputs('reconciler')].filter((file) => file.startsWith('jobs/'))).toEqual([]);
    expect(inputs('runner')).toContain('jobs/http-check/index.ts');
  });

  it('none holds a test, or the test kit', () => {
    const all = [...inputs('api'), ...inputs('runner'), ...inputs('reconciler')];
    expect(all.filter((file) => /\.test\.ts$|^testing\/|vitest/.test(file))).toEqual([]);
  });

  it('the runner has a file a module, loaded when it is needed', () => {
    expect([...moduleFiles(built.runner).keys()].sort()).toEqual(MODULES);
    const { inputs, imports } = handlerOf(built.runner);
    expect(Object.keys(inputs).filter((file) => /^jobs\/.+\//.test(file))).toEqual([]);
    const later = imports.flatMap(({ kind, path }) => (kind === 'dynamic-import' ? [path] : []));
    expect(later).toEqual(expect.arrayContaining(MODULES.map((module) => `./modules/${module}.mjs`)));
  });

  // Beside the sources there is a node_modules that would help out; where functions are deployed there is none.
  it.each(['api', 'runner', 'reconciler'] as const)('%s needs nothing at its start but Node, and later only what is built', (name) => {
    const needed = handlerOf(built[name]).imports.filter(({ path }) => !isBuiltin(path));
    const files = Object.keys(built[name].outputs).map((file) => file.slice(file.indexOf(`/${name}/`) + name.length + 2));
    const unmet = needed.filter(
      ({ kind, path }) => kind !== 'dynamic-import' || !(NEVER_LOADED.includes(path) || files.includes(path.slice(2))),
    );
    expect(unmet).toEqual([]);
  });

  it.each(['api', 'runner', 'reconciler'] as const)('%s has no credential chain but the environment', (name) => {
    expect(inputs(name).filter((file) => /nested-clients|credential-provider-(?!node)/.test(file))).toEqual([]);
  });

  /** What each was with the dependencies of this commit, and a tenth more; more code is a longer cold start. */
  it.each([
    ['api', 452],
    ['runner', 431],
    ['reconciler', 430],
  ] as const)('%s loads at most %i KB at the start', (name, most) => {
    expect(bytesAtStart(built[name]) / 1024).toBeLessThanOrEqual(most);
  });

  it.each([
    ['api', ['client-dynamodb', 'client-scheduler', 'client-sqs']],
    ['runner', ['client-dynamodb', 'client-eventbridge', 'client-sqs']],
    ['reconciler', ['client-dynamodb', 'client-eventbridge', 'client-scheduler', 'client-sqs']],
  ] as const)('%s has no client of the SDK that it does not use', (name, clients) => {
    const files = Object.values(built[name].outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    const found = files.flatMap((file) => /@aws-sdk\/(client-[a-z]+)/.exec(file)?.[1] ?? []);
    expect([...new Set(found)].sort()).toEqual(clients);
  });

  it('each is the same, byte for byte, when it is built again', async () => {
    const again = await mkdtemp(join(tmpdir(), 'carillon-build-'));
    await bundle(root, again);
    expect(await digests(again)).toEqual(await digests(out));
    await rm(again, { recursive: true });
  });

  it('keeps the names of classes and functions in modules, and understands what they throw, though it is of copied classes', async () => {
    const code = `import { defineModule, GiveUp, Skip } from 'carillon';
      class Closed extends GiveUp {}
      const name = (() => { const cheapest = () => 1; return cheapest; })().name;
      export default defineModule({ description: 'sells', run: () => [new Closed(name), new Skip('on Sundays'), new Error('fell')] });`;
    const project = await makeProject({ shop: code });
    await writeRegistry(join(project.root, 'jobs'));
    const { runner } = await bundleFunctions(project.root, 'dist', ['runner']);
    const { default: shop } = await import(join(project.root, moduleFiles(runner).get('shop') ?? ''));
    const [closed, ...others] = shop.run();
    expect([closed.constructor.name, closed.message]).toEqual(['Closed', 'cheapest']);
    expect([closed, ...others].map(endingOf)).toEqual(['gaveUp', 'skipped', undefined]);
    expect(closed).not.toBeInstanceOf(GiveUp);
    // Names kept in what the runner is made of would cost a twentieth of a run.
    expect(await readFile(join(project.root, 'dist/runner/handler.mjs'), 'utf8')).not.toContain('"jobAt"');
    await project.remove();
  });

  it('the API knows each module by a small manifest', async () => {
    expect(JSON.parse(await readFile(join(out, 'api/manifest/modules.json'), 'utf8'))).toEqual(MODULES);
    expect((await readdir(join(out, 'api/manifest/modules'))).sort()).toEqual(MODULES.map((name) => `${name}.json`));
    expect(JSON.parse(await readFile(join(out, 'api/manifest/modules/http-check.json'), 'utf8'))).toMatchObject({
      name: 'http-check',
      input: { required: ['url'], additionalProperties: false },
      // The effective ones: the module's own and the defaults.
      policies: { timeout: '30s', catchUp: { within: '1h', run: 'latest' } },
      schedule: null,
      jobs: {},
    });
    expect(JSON.parse(await readFile(join(out, 'reconciler/manifest/modules/csv-digest.json'), 'utf8'))).toMatchObject({
      schedule: { title: expect.any(String), schedule: { type: 'cron', dayOfWeek: 'mon-fri' }, timezone: 'Europe/Berlin' },
    });
  });
});
