import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import type { DeploymentStage } from './stage.ts';

const SCHEDULER = 'scheduler.amazonaws.com';

export interface ScheduleGroupProps {
  readonly stage: DeploymentStage;
  /** Of the group, within the stage. */
  readonly part: string;
  /** The functions or aliases that schedules of this group may invoke. */
  readonly invokes: readonly string[];
  /** Where EventBridge puts what it cannot hand over. */
  readonly undelivered?: string;
}

/** A group of EventBridge schedules and the role with which they invoke their one target. */
export class ScheduleGroup extends Construct {
  readonly name: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { stage, part, invokes, undelivered }: ScheduleGroupProps) {
    super(scope, id);
    this.name = stage.nameOf(part);
    const group = new CfnScheduleGroup(this, 'Group', { name: this.name });
    this.role = new Role(this, 'Role', {
      // The group's ARN and no schedule's: with that EventBridge says that it cannot assume the role.
      assumedBy: new ServicePrincipal(SCHEDULER, {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.attrArn } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...invokes] }),
            ...(undelivered ? [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered] })] : []),
          ],
        }),
      },
    });
    if (undelivered) stage.grantKey(this.role);
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
    accept(grantee.role ?? grantee, {
      [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.name}/*]`]:
        'The names of the schedules are those of jobs, which come and go; the group is theirs alone.',
    });
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': SCHEDULER } },
      }),
    );
  }
}
