import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { endpointParameter } from '../core/contract/stages.ts';
import { Api } from './api.ts';
import { JobTable } from './job-table.ts';
import { Reconciler } from './reconciler.ts';
import { Runner } from './runner.ts';
import { ScheduleGroup } from './schedule-group.ts';
import { DeploymentStage } from './stage.ts';

export interface JobSchedulerProps {
  /** Part of every resource's name; all but `dev` keep their table and logs when the stack is deleted. */
  readonly stage: string;
  /** The folder that the functions were built into. */
  readonly bundles: string;
  /**
   * How many messages of the delay queue the runner handles at once, from 2 to 1,000.
   * @default 50
   */
  readonly maxConcurrency?: number;
}

/** A job scheduler: an HTTP API to keep jobs, EventBridge Scheduler to tell the time, and a function that runs modules. */
export class JobScheduler extends Construct {
  /** The function that runs the modules: give it the variables and permissions that they need. */
  readonly runner: LambdaFunction;
  /** What the schedules of jobs invoke. */
  readonly runnerArn: string;
  readonly apiUrl: string;
  readonly tableName: string;
  readonly scheduleGroup: string;
  readonly queueUrl: string;

  constructor(scope: Construct, id: string, props: JobSchedulerProps) {
    super(scope, id);
    const stage = new DeploymentStage(props.stage);
    const { bundles } = props;
    const table = new JobTable(this, 'Table', stage);
    const runner = new Runner(this, 'Runner', { stage, bundles, table, maxConcurrency: props.maxConcurrency ?? 50 });
    const schedules = new ScheduleGroup(this, 'Schedules', {
      name: stage.nameOf('jobs'),
      invokes: runner.alias.functionArn,
      undelivered: runner.queues.undelivered.queueArn,
    });
    const control = { table, runner, schedules };
    const api = new Api(this, 'Api', { stage, bundles, control });
    new Reconciler(this, 'Reconciler', { stage, bundles, control });

    // Where `carillon --stage` finds the API.
    new StringParameter(this, 'Endpoint', { parameterName: endpointParameter(stage.name), stringValue: api.url });

    this.runner = runner.function;
    this.runnerArn = runner.alias.functionArn;
    this.apiUrl = api.url;
    this.tableName = table.name;
    this.scheduleGroup = schedules.name;
    this.queueUrl = runner.queues.delay.queueUrl;
  }
}
