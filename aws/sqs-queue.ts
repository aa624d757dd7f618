import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../core/ports.ts';

/** SQS delays a message by at most this. */
const MAX_DELAY_SECONDS = 900;

/** Sends messages to the runner through an SQS queue. */
export function sqsQueue(client: SQSClient, queueUrl: string): Queue {
  return {
    async send(message, delaySeconds) {
      if (delaySeconds > MAX_DELAY_SECONDS) throw new RangeError(`a delay of ${delaySeconds} s is over SQS's ${MAX_DELAY_SECONDS} s`);
      await client.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message), DelaySeconds: Math.max(0, delaySeconds) }),
      );
    },
  };
}
