import type { SQSBatchResponse } from 'aws-lambda';

/** What is used of an SQS event. */
export interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

export function isBatch(event: unknown): event is Batch {
  return typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
}

/** Takes the messages of a batch one by one; those that fail, as `failure` says in the log, are given back and seen again. */
export async function takeBatch({ Records }: Batch, failure: string, take: (body: string) => Promise<void>): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      await take(body);
    } catch (error) {
      console.error(JSON.stringify({ level: 'ERROR', message: failure, messageId, error: String(error) }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
