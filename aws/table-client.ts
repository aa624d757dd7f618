import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../core/schedule/schedule.ts';
import { type AttentionKind, attentionPartitions, INDEXES } from './table.ts';

/** The table as the stores use it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** Runs a conditional write; false when its condition did not hold. */
export async function conditionHolds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Items of one kind in the attention index whose instants lie in a span, in the order of those. */
export async function attentionItems(
  { client, name }: Table,
  kind: AttentionKind,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: { readonly from?: Instant; readonly to?: Instant },
  limit: number,
  order: 'oldestFirst' | 'newestFirst' = 'oldestFirst',
): Promise<Record<string, unknown>[]> {
  const isForward = order === 'oldestFirst';
  const pages = await Promise.all(
    attentionPartitions(kind).map((partition) =>
      client.send(
        new QueryCommand({
          TableName: name,
          IndexName: INDEXES.attention.name,
          KeyConditionExpression: 'attention = :partition AND attentionAt BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':partition': partition, ':from': from, ':to': to },
          Limit: limit,
          ScanIndexForward: isForward,
        }),
      ),
    ),
  );
  const items = pages.flatMap((page) => page.Items ?? []);
  return items.sort((a, b) => (Number(a.attentionAt) - Number(b.attentionAt)) * (isForward ? 1 : -1)).slice(0, limit);
}
