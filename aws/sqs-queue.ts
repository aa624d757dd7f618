import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ModuleName } from '../core/ids.ts';
import type { Queue } from '../core/ports.ts';
import { type Envelope, MAX_DELAY_SECONDS } from '../core/run/message.ts';

/** SQS takes at most so many messages at once. */
const BATCH = 10;
/** Requests under way at once. */
const WIDTH = 5;

/** Sends messages to the runners through their SQS queues; rejects when not all of them were taken. */
export function sqsQueue(client: SQSClient, queueUrlOf: (module: ModuleName) => string): Queue {
  async function sendBatch({ queueUrl, envelopes }: Batch): Promise<void> {
    const Entries = envelopes.map(({ message, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(message),
      DelaySeconds: delaySeconds,
    }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`SQS did not take ${Failed.length} of ${envelopes.length} messages: ${Failed[0]?.Message}`);
  }

  return {
    async send(envelopes) {
      const late = envelopes.find(({ delaySeconds }) => delaySeconds > MAX_DELAY_SECONDS);
      if (late) throw new RangeError(`a delay of ${late.delaySeconds} s is over SQS's ${MAX_DELAY_SECONDS} s`);
      const batches = batchesOf(envelopes, queueUrlOf);
      for (let from = 0; from < batches.length; from += WIDTH) await Promise.all(batches.slice(from, from + WIDTH).map(sendBatch));
    },
  };
}

interface Batch {
  readonly queueUrl: string;
  readonly envelopes: readonly Envelope[];
}

/** As many batches as there must be, each for one queue. */
function batchesOf(envelopes: readonly Envelope[], queueUrlOf: (module: ModuleName) => string): Batch[] {
  const byQueue = new Map<string, Envelope[]>();
  for (const envelope of envelopes) {
    const queueUrl = queueUrlOf(envelope.module);
    const others = byQueue.get(queueUrl);
    if (others) others.push(envelope);
    else byQueue.set(queueUrl, [envelope]);
  }
  return [...byQueue].flatMap(([queueUrl, all]) =>
    Array.from({ length: Math.ceil(all.length / BATCH) }, (_, n) => ({ queueUrl, envelopes: all.slice(n * BATCH, (n + 1) * BATCH) })),
  );
}
