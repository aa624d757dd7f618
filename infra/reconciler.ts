import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ReconcileRequest } from '../core/reconcile.ts';
import { bundledFunction } from './bundled-function.ts';
import { grantJobControl, type JobControl } from './job-control.ts';
import { ScheduleGroup } from './schedule-group.ts';
import type { DeploymentStage } from './stage.ts';

/** The passes: never two in the same minute, and none in a minute in which most jobs are due. */
const PASSES: Readonly<Record<string, { when: string; request: Partial<ReconcileRequest> }>> = {
  account: { when: 'cron(3/5 * * * ? *)', request: { account: true } },
  restore: { when: 'cron(1 * * * ? *)', request: { restore: true } },
};

export interface ReconcilerProps {
  readonly stage: DeploymentStage;
  readonly bundles: string;
  readonly control: JobControl;
}

/** Brings EventBridge in line with the table, on schedules of its own which no job can touch. */
export class Reconciler extends Construct {
  constructor(scope: Construct, id: string, { stage, bundles, control }: ReconcilerProps) {
    super(scope, id);
    const reconciler = bundledFunction(this, { stage, name: 'reconciler', bundles, timeout: Duration.minutes(15), memorySize: 512 });
    grantJobControl(reconciler, control);
    // ListSchedules takes no narrower resource.
    reconciler.addToRolePolicy(new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }));
    // The next pass does what a failed one did not.
    reconciler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });

    const system = new ScheduleGroup(this, 'Schedules', { name: stage.nameOf('system'), invokes: reconciler.functionArn });
    for (const [name, { when, request }] of Object.entries(PASSES)) {
      const schedule = new CfnSchedule(this, name, {
        name,
        groupName: system.name,
        scheduleExpression: when,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: reconciler.functionArn,
          roleArn: system.role.roleArn,
          input: JSON.stringify(request),
          retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 5 },
        },
      });
      schedule.node.addDependency(system);
    }
  }
}
