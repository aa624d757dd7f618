import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, EventSourceMapping, type IFunction, type IVersion, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_RUNNER, isRunnerClass, RUNNER_RULE } from '../core/ids.ts';
import { RUNNER_MEMORY_MB } from '../core/job/cost.ts';
import { accept } from './accept.ts';
import { bundledFunction } from './bundled-function.ts';
import type { JobTable } from './job-table.ts';
import { queue, RECEIVE } from './queue.ts';
import type { DeploymentStage } from './stage.ts';
import type { Undelivered } from './undelivered.ts';

/** A run has a minute less. */
const SHORTEST = Duration.minutes(2);
/** Lambda's. */
export const LONGEST = Duration.minutes(15);

/** How much of the account's Lambda a runner may use. */
export interface RunnerLimits {
  /** @default 512 MB */
  readonly memorySize?: number | undefined;
  /**
   * A run ends a minute before it at the latest.
   * @default 15 minutes, Lambda's longest
   */
  readonly timeout?: Duration | undefined;
  /** @default none is reserved */
  readonly reservedConcurrency?: number | undefined;
  /**
   * How many messages of the delay queue are handled at once, from 2 to 1,000.
   * @default 50, or half of what is reserved: the other half is for ticks
   */
  readonly maxConcurrency?: number | undefined;
}

export interface RunnerProps {
  readonly stage: DeploymentStage;
  /** Its class: modules name it. */
  readonly name: string;
  readonly bundles: string;
  readonly table: JobTable;
  readonly undelivered: Undelivered;
  readonly limits?: RunnerLimits | undefined;
}

/** Runs the modules of a class: the function, the alias that everything invokes, and the queue of what is to come. */
export class Runner extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;
  /** What schedules name: its ARN stays the same when the function is replaced. */
  readonly alias: Alias;
  /** Messages for it, each with its own delay. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { stage, name, bundles, table, undelivered, limits = {} }: RunnerProps) {
    super(scope, id);
    if (!isRunnerClass(name)) throw new Error(`runner "${name}": ${RUNNER_RULE}`);
    const { memorySize = RUNNER_MEMORY_MB, timeout = LONGEST, reservedConcurrency } = limits;
    const { maxConcurrency = Math.max(2, Math.min(50, Math.floor((reservedConcurrency ?? 100) / 2))) } = limits;
    if (timeout.toMilliseconds() < SHORTEST.toMilliseconds() || timeout.toMilliseconds() > LONGEST.toMilliseconds())
      throw new Error(`runner "${name}": timeout ${timeout.toSeconds()} s; from 2 to 15 minutes, of which a run has all but the last`);
    if (reservedConcurrency !== undefined && maxConcurrency > reservedConcurrency)
      throw new Error(
        `runner "${name}": maxConcurrency ${maxConcurrency} is above reservedConcurrency ${reservedConcurrency}; messages would be refused`,
      );
    const part = name === DEFAULT_RUNNER ? 'runner' : `runner-${name}`;
    this.name = name;
    this.queue = queue(this, 'Delay', stage, {
      part,
      takenFor: timeout,
      deadLetterQueue: { queue: undelivered.queue, maxReceiveCount: 5 },
    });
    this.function = bundledFunction(this, { stage, part, bundle: 'runner', bundles, timeout, memorySize, reservedConcurrency });
    if (name !== DEFAULT_RUNNER) this.function.addEnvironment('CARILLON_RUNNER_CLASS', name);
    this.function.addEnvironment('CARILLON_TABLE', table.name);
    table.grantRuns(this.function);
    this.function.addToRolePolicy(new PolicyStatement({ actions: RECEIVE, resources: [this.queue.queueArn] }));
    undelivered.grantPutAside(this.function);

    const destination = undelivered.queue.queueArn;
    // The casts are for CDK's types, which are not made for exactOptionalPropertyTypes.
    this.alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: this.function.currentVersion as IVersion,
      // Retries have one owner, and that is not Lambda: an invocation that failed is put aside with its reason.
      retryAttempts: 0,
      maxEventAge: Duration.hours(1),
      onFailure: { bind: () => ({ destination }) },
    });
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: this.alias as IFunction,
      eventSourceArn: this.queue.queueArn,
      // A message is a run: a batch of them would share one function's time.
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
    accept(mapping, {
      'Serverless::Serverless-LambdaEventSourceMappingDestination': 'The queue has a queue of its own for what was not handled.',
    });
  }
}
