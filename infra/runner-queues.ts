import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import type { DeploymentStage } from './stage.ts';

/** Lambda's longest: a pass may be a long one. */
export const RECONCILER_TIMEOUT = Duration.minutes(15);

export interface RunnerQueuesProps {
  readonly stage: DeploymentStage;
  /** How long the runner may take with one message. */
  readonly runnerTimeout: Duration;
}

/** What waits for the runner, and what it could not deal with. */
export class RunnerQueues extends Construct {
  /** Messages for the runner, each with its own delay. */
  readonly delay: Queue;
  /**
   * What could not be delivered, to be made a record by the reconciler: messages that the runner failed to handle, invocations
   * that failed or never started, ticks that EventBridge Scheduler could not hand over.
   */
  readonly undelivered: Queue;
  /** What the reconciler could not make a record of either: for people. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { stage, runnerTimeout }: RunnerQueuesProps) {
    super(scope, id);
    const queue = (name: string, part: string, props: QueueProps) =>
      new Queue(this, name, {
        queueName: stage.nameOf(part),
        ...(stage.key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: stage.key } : { encryption: QueueEncryption.SQS_MANAGED }),
        enforceSSL: true,
        ...props,
      });
    // Nobody else may get a message before the invocation that has it is certainly over.
    const after = (timeout: Duration) => timeout.plus(Duration.seconds(120));
    this.deadLetters = queue('DeadLetters', 'dead-letters', { retentionPeriod: Duration.days(14) });
    accept(this.deadLetters, { 'Serverless::Serverless-SQSRedrivePolicy': 'It is where what was redriven ends: an alarm calls people.' });
    this.undelivered = queue('Undelivered', 'undelivered', {
      visibilityTimeout: after(RECONCILER_TIMEOUT),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    this.delay = queue('Delay', 'runner', {
      visibilityTimeout: after(runnerTimeout),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: 5 },
    });
  }

  /** Lets a function send messages to the runner. */
  grantSend(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.delay.queueArn] }));
  }

  /** Lets Lambda hand the runner its messages, and put aside the invocations that fail. */
  grantDelivery(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: RECEIVE, resources: [this.delay.queueArn] }));
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn] }));
  }

  /** Lets Lambda hand a function what could not be delivered. */
  grantUndelivered(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: RECEIVE, resources: [this.undelivered.queueArn] }));
  }
}

const RECEIVE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
