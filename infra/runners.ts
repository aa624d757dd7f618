import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DEFAULT_RUNNER } from '../core/ids.ts';
import { type EffectivePolicies, milliseconds } from '../core/job/policies.ts';
import type { ModuleManifest } from '../core/ports.ts';
import { LONGEST, Runner, type RunnerLimits, type RunnerProps } from './runner.ts';

/** What a run keeps of the time of its invocation. */
const RECORDED_WITHIN = 60_000;

export interface RunnersProps extends Omit<RunnerProps, 'name'> {
  /** Classes beside the default's. */
  readonly others: Readonly<Record<string, RunnerLimits>>;
}

/** The runners of a stage: one that runs what names none, and one for each further class. */
export class Runners extends Construct {
  readonly default: Runner;
  readonly others: readonly Runner[];

  constructor(scope: Construct, id: string, { others, limits, ...props }: RunnersProps) {
    super(scope, id);
    refuseMisfits(props.bundles, new Map([[DEFAULT_RUNNER, limits ?? {}], ...Object.entries(others)]));
    this.default = new Runner(this, 'Default', { ...props, name: DEFAULT_RUNNER, limits });
    this.others = Object.entries(others).map(([name, limits]) => new Runner(this, `Class-${name}`, { ...props, name, limits }));
    // Any of them may have a message for a module that was given another class meanwhile.
    for (const { function: runner } of this.all) this.grantSend(runner);
  }

  get all(): readonly Runner[] {
    return [this.default, ...this.others];
  }

  of(name: string): Runner {
    const found = this.all.find((runner) => runner.name === name);
    if (!found) throw new Error(`runner "${name}": the stage has ${this.all.map((runner) => runner.name).join(', ')}`);
    return found;
  }

  /** Lets a function send messages to every runner. */
  grantSend(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: this.all.map(({ queue }) => queue.queueArn) }));
    grantee.addEnvironment('CARILLON_QUEUE_URL', this.default.queue.queueUrl);
    this.tell(grantee, ({ queue }) => ({ queueUrl: queue.queueUrl }));
  }

  /** Lets a function name the runners in schedules that it makes. */
  grantName(grantee: LambdaFunction): void {
    this.grantSend(grantee);
    grantee.addEnvironment('CARILLON_RUNNER_ARN', this.default.alias.functionArn);
    this.tell(grantee, ({ alias, queue }) => ({ arn: alias.functionArn, queueUrl: queue.queueUrl }));
  }

  private tell(grantee: LambdaFunction, what: (runner: Runner) => object): void {
    if (this.others.length === 0) return;
    const byClass = Object.fromEntries(this.others.map((runner) => [runner.name, what(runner)]));
    grantee.addEnvironment('CARILLON_RUNNERS', Stack.of(this).toJsonString(byClass));
  }
}

/** A module whose class is not there would run with the default's memory and permissions, one whose time is too long would be cut short. */
function refuseMisfits(bundles: string, limits: ReadonlyMap<string, RunnerLimits>): void {
  if (!existsSync(join(bundles, 'api/manifest/modules.json')))
    throw new Error(`bundles "${bundles}": there are no built functions; \`await bundleApart(process.cwd())\` builds them and says where`);
  const read = (file: string) => JSON.parse(readFileSync(join(bundles, 'api/manifest', file), 'utf8'));
  for (const name of read('modules.json') as string[]) {
    const { runner, policies }: Pick<ModuleManifest, 'runner'> & { policies: EffectivePolicies } = read(`modules/${name}.json`);
    const found = limits.get(runner);
    if (!found) {
      const known = [...limits.keys()].join(', ');
      throw new Error(
        `jobs/${name}/index.ts names the runner "${runner}"; the stage has ${known}. Add it under \`runners\` in infra/stages.ts`,
      );
    }
    const most = (found.timeout ?? LONGEST).toMilliseconds() - RECORDED_WITHIN;
    if (milliseconds(policies.timeout) > most)
      throw new Error(
        `jobs/${name}/index.ts: its timeout ${policies.timeout} is more than the runner "${runner}" has, a minute less than its own ${(found.timeout ?? LONGEST).toSeconds()} s`,
      );
  }
}
