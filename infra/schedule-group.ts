import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

const SCHEDULER = 'scheduler.amazonaws.com';

export interface ScheduleGroupProps {
  readonly name: string;
  /** The one function or alias that schedules of this group may invoke. */
  readonly invokes: string;
  /** Where EventBridge puts what it cannot hand over. */
  readonly undelivered?: string;
}

/** A group of EventBridge schedules and the role with which they invoke their one target. */
export class ScheduleGroup extends Construct {
  readonly name: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { name, invokes, undelivered }: ScheduleGroupProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group', { name });
    this.name = name;
    this.role = new Role(this, 'Role', {
      // The group's ARN and no schedule's: with that EventBridge says that it cannot assume the role.
      assumedBy: new ServicePrincipal(SCHEDULER, {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.attrArn } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [invokes] }),
            ...(undelivered ? [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered] })] : []),
          ],
        }),
      },
    });
  }

  /** Lets a function make, change and delete the schedules of this group. */
  grantControl(grantee: LambdaFunction): void {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.name}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const actions = ['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule'].map((action) => `scheduler:${action}`);
    grantee.addToRolePolicy(new PolicyStatement({ actions, resources: [schedules] }));
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': SCHEDULER } },
      }),
    );
  }
}
