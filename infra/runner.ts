import { Duration } from 'aws-cdk-lib';
import { Alias, EventSourceMapping, type IFunction, type IVersion, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Environment } from '../aws/environment.ts';
import { RUNNER_MEMORY_MB } from '../core/job/cost.ts';
import { bundledFunction } from './bundled-function.ts';
import type { JobTable } from './job-table.ts';
import { RunnerQueues } from './runner-queues.ts';
import type { DeploymentStage } from './stage.ts';

/** Lambda's longest; a module's own timeout ends at least a minute before it. */
const TIMEOUT = Duration.minutes(15);

export interface RunnerProps {
  readonly stage: DeploymentStage;
  readonly bundles: string;
  readonly table: JobTable;
  /** How many messages of the delay queue are handled at once. */
  readonly maxConcurrency: number;
}

/** Runs the modules: the function, the alias that everything invokes, and its queues. */
export class Runner extends Construct {
  readonly function: LambdaFunction;
  /** What schedules name: its ARN stays the same when the function is replaced. */
  readonly alias: Alias;
  readonly queues: RunnerQueues;

  constructor(scope: Construct, id: string, { stage, bundles, table, maxConcurrency }: RunnerProps) {
    super(scope, id);
    this.queues = new RunnerQueues(this, 'Queues', { stage, runnerTimeout: TIMEOUT });
    this.function = bundledFunction(this, { stage, name: 'runner', bundles, timeout: TIMEOUT, memorySize: RUNNER_MEMORY_MB });
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
    new EventSourceMapping(this, 'Messages', {
      target: this.alias as IFunction,
      eventSourceArn: this.queues.delay.queueArn,
      // A message is a run: a batch of them would share one function's time.
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }
}
