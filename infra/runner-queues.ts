import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeploymentStage } from './stage.ts';

export interface RunnerQueuesProps {
  readonly stage: DeploymentStage;
  /** How long the runner may take with one message. */
  readonly runnerTimeout: Duration;
}

/** What waits for the runner, and what it could not deal with. */
export class RunnerQueues extends Construct {
  /** Messages for the runner, each with its own delay. */
  readonly delay: Queue;
  /** Messages that the runner failed to handle. */
  readonly deadLetters: Queue;
  /** Asynchronous invocations that failed or never started: a tick of EventBridge Scheduler, and why it came to nothing. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { stage, runnerTimeout }: RunnerQueuesProps) {
    super(scope, id);
    const queue = (name: string, part: string, props: QueueProps) =>
      new Queue(this, name, { queueName: stage.nameOf(part), encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
    this.deadLetters = queue('DeadLetters', 'runner-dead-letters', { retentionPeriod: Duration.days(14) });
    this.failures = queue('Failures', 'runner-failures', { retentionPeriod: Duration.days(14) });
    this.delay = queue('Delay', 'runner', {
      // Nobody else may get a message before the invocation that has it is certainly over.
      visibilityTimeout: runnerTimeout.plus(Duration.seconds(120)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
  }

  /** Lets a function send messages to the runner. */
  grantSend(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.delay.queueArn] }));
  }

  /** Lets Lambda hand the messages to a function, and put aside the invocations that fail. */
  grantDelivery(grantee: LambdaFunction): void {
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    grantee.addToRolePolicy(new PolicyStatement({ actions, resources: [this.delay.queueArn] }));
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.failures.queueArn] }));
  }
}
