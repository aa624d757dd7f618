import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { registryText } from '../infra/bundle/registry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Rule {
  readonly from: RegExp;
  readonly may: RegExp;
  readonly why: string;
}

/** The first rule that fits a file counts. */
const RULES: readonly Rule[] = [
  {
    from: /^jobs\/.+\.test\.ts$/,
    may: /^(?!(core|aws|functions|local|infra|testing|test|clients)\/)[a-z@]/,
    why: "a module's test imports the module, carillon, carillon/testing, vitest and libraries",
  },
  {
    from: /^jobs\//,
    may: /^(?!(core|aws|functions|local|infra|testing|test|clients)\/|carillon\/(?!client$)|vitest)[a-z@]/,
    why: 'a module imports only carillon, carillon/client and its own libraries; a test is a file of its own',
  },
  { from: /^core\/schedule\//, may: /^core\/schedule\//, why: 'the calendar is pure and stands alone' },
  {
    from: /^core\/zod\.ts$/,
    may: /^zod\/(mini$|v4\/locales\/en\.js$)/,
    why: 'what is deployed reads with the small build of zod, chosen in this one place',
  },
  {
    from: /^core\/(define-module|job\/input-schema)\.ts$/,
    may: /^(core\/|zod$)/,
    why: 'modules, and schemas made of their JSON, are of the usual build of zod',
  },
  {
    from: /^core\//,
    may: /^(core\/|fastest-levenshtein$|tinyqueue$)/,
    why: 'the domain knows neither AWS nor Node nor a clock: that is what lets it be tested and moved',
  },
  {
    from: /^aws\//,
    may: /^(aws\/|core\/|@aws-sdk\/|@aws-lambda-powertools\/|node:)/,
    why: 'an adapter knows one technology and the domain',
  },
  {
    from: /^functions\/[a-z]+\/handler\.ts$/,
    may: /^(functions\/|aws\/|core\/|jobs\/index\.ts$|hono)/,
    why: 'a handler wires, and nothing else',
  },
  {
    from: /^functions\//,
    may: /^(functions\/|core\/|hono|aws-lambda$)/,
    why: 'only a handler file chooses adapters',
  },
  { from: /^local\/(host|dev)\.ts$/, may: /./, why: '' },
  {
    from: /^local\//,
    may: /^(local\/|core\/schedule\/|node:|zod$|tinyqueue$|aws4fetch$|@aws-sdk\/client-sqs$|chokidar$|dynalite(\/db\/index\.js)?$|tsx\/|@aws-sdk\/client-dynamodb$)/,
    why: "the laptop's AWS knows schedules, not jobs: it must be checkable on its own",
  },
  {
    from: /^clients\/http\//,
    may: /^(clients\/http\/|core\/contract\/|zod$|aws4fetch$|@aws-sdk\/credential-provider-node$)/,
    why: 'the client knows the contract, and how AWS wants requests signed',
  },
  {
    from: /^clients\/console\//,
    may: /^(clients\/(console|http)\/|core\/contract\/|preact(\/hooks)?$)/,
    why: 'the page knows the contract, and computes nothing',
  },
  { from: /^clients\/apply\//, may: /^(clients\/|core\/contract\/)/, why: 'plan and apply are a loop over the API' },
  {
    from: /^clients\/cli\/template\//,
    may: /^(carillon(\/testing)?$|zod$|vitest$|clients\/cli\/template\/index\.ts$)/,
    why: 'it becomes a module of a user',
  },
  {
    from: /^clients\/import\//,
    may: /^(clients\/import\/|core\/contract\/|core\/schedule\/|core\/ids\.ts$|zod$)/,
    why: 'what is read of another scheduler is data, and speaks the language of schedules',
  },
  {
    from: /^clients\/cli\/commands\/(scheduler|dev)\.ts$/,
    may: /^(local\/scheduler\/index\.ts$|local\/dev\.ts$|commander$)/,
    why: 'the command starts the emulator or the host, and knows nothing else of the laptop',
  },
  {
    from: /^clients\/cli\/commands\/console\.ts$/,
    may: /^(clients\/|core\/contract\/|infra\/bundle\/console\.ts$|local\/(console\/|loopback\.ts$)|commander$|node:)/,
    why: 'the command builds the page and serves it as the local host does',
  },
  {
    from: /^clients\/cli\//,
    may: /^(clients\/|core\/contract\/|core\/schedule\/|core\/(preview|ids)\.ts$|local\/start\.mjs$|@aws-sdk\/client-ssm$|commander$|zod$|node:)/,
    why: 'a client knows the contract, and the command line the calendar',
  },
  { from: /^testing\//, may: /^(testing\/|core\/|zod$|node:async_hooks$)/, why: 'the test kit is for authors too' },
  {
    from: /^infra\//,
    may: /^(infra\/|core\/|aws\/(table|bundled-modules)\.ts$|clients\/(http\/|cli\/find-stage\.ts$)|aws-cdk-lib|constructs|esbuild$|zod$|node:)/,
    why: 'what is deployed is described, not run',
  },
  { from: /^test\//, may: /./, why: '' },
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const sources = files.filter((file) => !file.startsWith('test/') && file !== 'vitest.config.ts');
const text = (file: string) => readFileSync(join(root, file), 'utf8');

function importsOf(file: string): string[] {
  return [...text(file).matchAll(/(?<=^|\s)(?:from|import)\s*\(?\s*'([^']+)'/gm)].map(([, target = '']) =>
    target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
  );
}

describe('layering', () => {
  it.each(sources)('%s imports only what it may', (file) => {
    const rule = RULES.find(({ from }) => from.test(file));
    if (!rule) throw new Error(`${file} lies in no layer: put it where it belongs (docs/architecture.md)`);
    const wrong = importsOf(file).filter((target) => !rule.may.test(target));
    expect(wrong, `${file}: ${rule.why}`).toEqual([]);
  });

  it('catches what it is for', () => {
    const rule = RULES.find(({ from }) => from.test('core/job/job.ts'));
    for (const target of ['@aws-sdk/client-dynamodb', 'node:fs', 'aws/table.ts', 'local/host.ts'])
      expect(rule?.may.test(target)).toBe(false);
  });

  it('lets the test of a module import the test kit, and no module', () => {
    const may = (file: string, target: string) => RULES.find(({ from }) => from.test(file))?.may.test(target);
    for (const target of ['carillon/testing', 'vitest']) {
      expect(may('jobs/heartbeat/heartbeat.test.ts', target)).toBe(true);
      expect(may('jobs/heartbeat/index.ts', target)).toBe(false);
    }
    for (const target of ['testing/index.ts', 'local/loopback.ts', 'core/ids.ts'])
      expect(may('jobs/heartbeat/heartbeat.test.ts', target)).toBe(false);
  });
});

describe('house rules', () => {
  it('no drawers', () => {
    expect(files.filter((file) => /(^|\/)(utils?|common|helpers?|lib|shared)(\/|\.)/.test(file))).toEqual([]);
  });

  it('no file is over 300 lines, no handler over 30', () => {
    expect(files.filter((file) => text(file).split('\n').length > 300)).toEqual([]);
    const code = (file: string) =>
      text(file)
        .split('\n')
        .filter((line) => line.trim() !== '' && !/^(import|\/\*\*|\/\/)/.test(line.trim()));
    expect(sources.filter((file) => file.endsWith('/handler.ts') && code(file).length > 30)).toEqual([]);
  });

  it('the wall clock is read in one adapter, and by the laptop', () => {
    const readers = sources.filter((file) => /Date\.now\(\)|new Date\(\)|performance\.now\(\)/.test(text(file)));
    expect(readers.filter((file) => !/^(local|jobs|clients)\//.test(file))).toEqual(['aws/system.ts']);
  });

  it('the environment is read in one place of what is deployed', () => {
    const readers = sources.filter(
      (file) => !file.startsWith('clients/') && /process\.env/.test(text(file)) && !/^(local|infra)\//.test(file),
    );
    expect(readers).toEqual(['aws/environment-credentials.ts', 'aws/environment.ts']);
  });

  it('zod is imported whole under one name: a named import makes each bundle 350 KB larger', () => {
    expect(files.filter((file) => /import \{[^}]*\} from 'zod'/.test(text(file)))).toEqual([]);
  });

  it('jobs/index.ts is up to date', () => {
    const names = readdirSync(join(root, 'jobs'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    expect(text('jobs/index.ts')).toBe(registryText(names));
  });

  it('dependencies are exact, scripts few and short', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(text('package.json')) as Record<string, Record<string, string>>;
    expect(Object.values({ ...dependencies, ...devDependencies }).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(Object.keys(scripts ?? {}).length).toBeLessThanOrEqual(12);
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"/);
  });
});
