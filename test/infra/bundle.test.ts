import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleChunks } from '../../infra/bundle/functions.ts';
import { bundle } from '../../infra/bundle/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let out: string;
let built: Record<'api' | 'runner' | 'reconciler', Metafile>;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'carillon-build-'));
  built = await bundle(root, out);
});
afterAll(() => rm(out, { recursive: true, force: true }));

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

  it('the runner has a chunk a module, loaded when it is needed', () => {
    const chunks = moduleChunks(built.runner);
    expect([...chunks.keys()].sort()).toEqual(MODULES);
    const entry = Object.values(built.runner.outputs).find(({ entryPoint }) => entryPoint === 'functions/runner/handler.ts');
    expect(Object.keys(entry?.inputs ?? {}).filter((file) => /^jobs\/.+\//.test(file))).toEqual([]);
    expect(entry?.imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path)).toEqual(
      expect.arrayContaining([...chunks.values()]),
    );
  });

  it.each(['api', 'runner', 'reconciler'] as const)('%s has no credential chain but the environment', (name) => {
    expect(inputs(name).filter((file) => /nested-clients|credential-provider-(?!node)/.test(file))).toEqual([]);
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
