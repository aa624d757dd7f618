import { Duration } from 'aws-cdk-lib';
import { Alias, EventSourceMapping, type IFunction, type IVersion, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Environment } from '../aws/environment.ts';
import { RUNNER_MEMORY_MB } from '../core/job/cost.ts';
import { accept } from './accept.ts';
import { bundledFunction } from './bundled-function.ts';
import type { JobTable } from './job-table.ts';
import { RunnerQueues } from './runner-queues.ts';
import type { DeploymentStage } from './stage.ts';

export interface RunnerProps {
  readonly stage: DeploymentStage;
  readonly bundles: string;
  readonly table: JobTable;
  readonly limits?: RunnerLimits | undefined;
}

/** How much of the account's Lambda a runner may use. */
export interface RunnerLimits {
  /** @default 512 MB */
  readonly memorySize?: number;
  /**
   * A run ends a minute before it at the latest.
   * @default 15 minutes, Lambda's longest
   */
  readonly timeout?: Duration;
  /** @default none is reserved */
  readonly reservedConcurrency?: number;
  /**
   * How many messages of the delay queue are handled at once, from 2 to 1,000.
   * @default 50, or what is reserved if that is less
   */
  readonly maxConcurrency?: number;
}

/** Runs the modules: the function, the alias that everything invokes, and its queues. */
export class Runner extends Construct {
  readonly function: LambdaFunction;
  /** What schedules name: its ARN stays the same when the function is replaced. */
  readonly alias: Alias;
  readonly queues: RunnerQueues;

  constructor(scope: Construct, id: string, { stage, bundles, table, limits = {} }: RunnerProps) {
    super(scope, id);
    const { memorySize = RUNNER_MEMORY_MB, timeout = Duration.minutes(15), reservedConcurrency } = limits;
    const { maxConcurrency = Math.min(50, reservedConcurrency ?? 50) } = limits;
    if (reservedConcurrency !== undefined && maxConcurrency > reservedConcurrency)
      throw new Error(
        `runner: maxConcurrency ${maxConcurrency} is above reservedConcurrency ${reservedConcurrency}; messages would be refused`,
      );
    this.queues = new RunnerQueues(this, 'Queues', { stage, runnerTimeout: timeout });
    this.function = bundledFunction(this, { stage, name: 'runner', bundles, timeout, memorySize, reservedConcurrency });
    const environment: Pick<Environment, 'CARILLON_TABLE' | 'CARILLON_QUEUE_URL'> = {
      CARILLON_TABLE: table.name,
      CARILLON_QUEUE_URL: this.queues.delay.queueUrl,
    };
    for (const [name, value] of Object.entries(environment)) this.function.addEnvironment(name, value);
    table.grantRuns(this.function);
    this.queues.grantSend(this.function);
    this.queues.grantDelivery(this.function);

    const undelivered = this.queues.undelivered.queueArn;
    // The casts are for CDK's types, which are not made for exactOptionalPropertyTypes.
    this.alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: this.function.currentVersion as IVersion,
      // Retries have one owner, and that is not Lambda: an invocation that failed is put aside with its reason.
      retryAttempts: 0,
      maxEventAge: Duration.hours(1),
      onFailure: { bind: () => ({ destination: undelivered }) },
    });
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: this.alias as IFunction,
      eventSourceArn: this.queues.delay.queueArn,
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
