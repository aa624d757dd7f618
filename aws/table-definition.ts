import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { INDEXES, KEYS } from './table.ts';

/** The table as CreateTable takes it; what the stack deploys has the same keys and indexes. */
export function tableDefinition(name: string): CreateTableCommandInput {
  const indexes = Object.values(INDEXES);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: KEYS.partition, KeyType: 'HASH' },
      { AttributeName: KEYS.sort, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: KEYS.partition, AttributeType: 'S' },
      { AttributeName: KEYS.sort, AttributeType: 'S' },
      ...indexes.flatMap(({ partition, sort, sortType }) => [
        { AttributeName: partition, AttributeType: 'S' as const },
        { AttributeName: sort, AttributeType: sortType },
      ]),
    ],
    GlobalSecondaryIndexes: indexes.map(({ name: IndexName, partition, sort, projection }) => ({
      IndexName,
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] },
    })),
  };
}
