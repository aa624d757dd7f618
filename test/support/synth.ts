import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, vi } from 'vitest';
import { FUNCTIONS } from '../../infra/bundle/functions.ts';
import { JobScheduler } from '../../infra/job-scheduler.ts';
import { type StageConfig, stageProps } from '../../infra/stage-config.ts';

/** A folder with something in the place of each built function, and manifests of modules: of which class they are, and their timeout. */
export function emptyBundles(modules: Readonly<Record<string, { readonly runner?: string; readonly timeout?: string }>> = {}): string {
  const bundles = mkdtempSync(join(tmpdir(), 'carillon-bundles-'));
  for (const name of FUNCTIONS) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'handler.mjs'), `// ${name}`);
  }
  const manifest = join(bundles, 'api/manifest');
  mkdirSync(join(manifest, 'modules'), { recursive: true });
  writeFileSync(join(manifest, 'modules.json'), JSON.stringify(Object.keys(modules)));
  for (const [name, { runner = 'default', timeout = '1m' }] of Object.entries(modules))
    writeFileSync(join(manifest, 'modules', `${name}.json`), JSON.stringify({ name, runner, policies: { timeout } }));
  return bundles;
}

/** Such a folder for the tests of a file. CDK's rules for CloudFormation are checked by CI's synth; without need they would cost seconds. */
export function bundlesOfFile({ isChecked = false } = {}): () => string {
  let bundles: string;
  beforeAll(() => {
    if (!isChecked) vi.stubEnv('CDK_VALIDATION', 'false');
    bundles = emptyBundles();
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(bundles, { recursive: true, force: true });
  });
  return () => bundles;
}

/** An app with the stack of a stage, as cdk.json configures it. */
export function appOf(
  bundles: string,
  name: string,
  config: StageConfig,
): { readonly app: App; readonly stack: Stack; readonly jobs: JobScheduler } {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ context, outdir: mkdtempSync(join(bundles, 'cdk.out-')) });
  const stack = new Stack(app, 'Stack');
  const jobs = new JobScheduler(stack, 'JobScheduler', { ...stageProps({ [name]: config }, name), bundles });
  return { app, stack, jobs };
}

export function templateOf(bundles: string, name: string, config: StageConfig): Template {
  return Template.fromStack(appOf(bundles, name, config).stack);
}

/** Everything that a stage may have. */
export const FULL: StageConfig = {
  logRetentionDays: 90,
  alarms: { email: 'ops@carillon.test' },
  throttle: { rateLimit: 20, burstLimit: 40 },
  jwt: { issuer: 'https://login.example.com/', audience: ['carillon'] },
  domain: { name: 'jobs.example.com', certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/one' },
  runner: { memorySize: 1_024, timeoutMinutes: 10, reservedConcurrency: 40 },
  runners: { heavy: { memorySize: 3_008, maxConcurrency: 5 } },
  customerKey: true,
  moduleMetrics: true,
};
