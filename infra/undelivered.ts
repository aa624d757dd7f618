import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import { queue, RECEIVE } from './queue.ts';
import type { DeploymentStage } from './stage.ts';

/** Lambda's longest: a pass may be a long one. */
export const RECONCILER_TIMEOUT = Duration.minutes(15);

/** What could not be delivered to a runner, and what nobody could deal with. */
export class Undelivered extends Construct {
  /**
   * To be made a record by the reconciler: messages that a runner failed to handle, invocations that failed or never started,
   * ticks that EventBridge Scheduler could not hand over.
   */
  readonly queue: Queue;
  /** What the reconciler could not make a record of either: for people. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, stage: DeploymentStage) {
    super(scope, id);
    this.deadLetters = queue(this, 'DeadLetters', stage, { part: 'dead-letters', retentionPeriod: Duration.days(14) });
    accept(this.deadLetters, { 'Serverless::Serverless-SQSRedrivePolicy': 'It is where what was redriven ends: an alarm calls people.' });
    this.queue = queue(this, 'Queue', stage, {
      part: 'undelivered',
      takenFor: RECONCILER_TIMEOUT,
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
  }

  /** Lets Lambda put aside the invocations of a function that fail. */
  grantPutAside(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
  }

  /** Lets Lambda hand a function what could not be delivered. */
  grantTake(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: RECEIVE, resources: [this.queue.queueArn] }));
  }
}
