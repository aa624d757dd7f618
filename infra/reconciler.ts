import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import { bundledFunction } from './bundled-function.ts';
import { grantJobControl, type JobControl } from './job-control.ts';
import { ScheduleGroup } from './schedule-group.ts';
import type { DeploymentStage } from './stage.ts';
import { RECONCILER_TIMEOUT } from './undelivered.ts';

/** Never in a minute in which most jobs are due. */
const WHEN = 'cron(3/5 * * * ? *)';

export interface ReconcilerProps {
  readonly stage: DeploymentStage;
  readonly bundles: string;
  readonly control: JobControl;
}

/** Brings EventBridge in line with the table, on schedules of its own which no job can touch. */
export class Reconciler extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, bundles, control }: ReconcilerProps) {
    super(scope, id);
    const reconciler = bundledFunction(this, {
      stage,
      part: 'reconciler',
      bundle: 'reconciler',
      bundles,
      timeout: RECONCILER_TIMEOUT,
      memorySize: 512,
    });
    this.function = reconciler;
    grantJobControl(reconciler, control);
    // ListSchedules takes no narrower resource.
    reconciler.addToRolePolicy(new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }));
    reconciler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    accept(reconciler.role ?? reconciler, { 'AwsSolutions-IAM5[Resource::*]': 'scheduler:ListSchedules takes no narrower resource.' });
    accept(reconciler, {
      'Serverless::Serverless-LambdaAsyncFailureDestination':
        'The next pass does what a failed one did not, and an alarm looks for passes that are missing.',
    });

    const { undelivered } = control;
    undelivered.grantTake(reconciler);
    const mapping = new EventSourceMapping(this, 'Undelivered', {
      target: reconciler as IFunction,
      eventSourceArn: undelivered.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: 2,
    });
    accept(mapping, { 'Serverless::Serverless-LambdaEventSourceMappingDestination': 'The queue has dead letters of its own.' });

    const system = new ScheduleGroup(this, 'Schedules', { stage, part: 'system', invokes: [reconciler.functionArn] });
    const schedule = new CfnSchedule(this, 'Pass', {
      name: 'reconcile',
      groupName: system.name,
      scheduleExpression: WHEN,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: reconciler.functionArn,
        roleArn: system.role.roleArn,
        input: '{}',
        retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 5 },
      },
    });
    schedule.node.addDependency(system);
  }
}
