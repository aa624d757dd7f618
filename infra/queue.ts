import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DeploymentStage } from './stage.ts';

/** What an event source mapping does with a queue. */
export const RECEIVE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export interface StageQueueProps extends Pick<QueueProps, 'retentionPeriod' | 'deadLetterQueue'> {
  /** Of its name. */
  readonly part: string;
  /** How long the function may take that handles its messages. */
  readonly takenFor?: Duration;
}

/** A queue of a stage: encrypted, reached by TLS only. */
export function queue(scope: Construct, id: string, stage: DeploymentStage, { part, takenFor, ...props }: StageQueueProps): Queue {
  return new Queue(scope, id, {
    queueName: stage.nameOf(part),
    ...(stage.key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: stage.key } : { encryption: QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    // Nobody else may get a message before the invocation that has it is certainly over.
    ...(takenFor && { visibilityTimeout: takenFor.plus(Duration.seconds(120)) }),
    ...props,
  });
}
