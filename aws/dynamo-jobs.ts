import { isDeepStrictEqual } from 'node:util';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobId } from '../core/ids.ts';
import type { Job } from '../core/job/job.ts';
import type { JobStore } from '../core/ports.ts';
import { jobFromItem, jobToItem, listedJobFromItem } from './job-item.ts';
import { attentionPartition, INDEXES, jobKey, LIST_PARTITION } from './table.ts';
import { attentionItems, conditionHolds, type Table } from './table-client.ts';

/** Keeps jobs in the table, one item each; every write is a single conditional one. */
export function dynamoJobs(table: Table): JobStore {
  const { client, name: TableName } = table;

  async function get(id: JobId): Promise<Job | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: jobKey(id), ConsistentRead: true }));
    return Item && jobFromItem(Item);
  }

  /** After a failed condition: whether the write that holds the place is this very one, its answer lost and retried. */
  async function isOurs(job: Job): Promise<boolean> {
    const stored = await get(job.id);
    return isDeepStrictEqual(stored, job);
  }

  const listQuery = (prefix: string) => ({
    TableName,
    IndexName: INDEXES.list.name,
    KeyConditionExpression: prefix === '' ? '#list = :jobs' : '#list = :jobs AND begins_with(id, :prefix)',
    ExpressionAttributeNames: { '#list': INDEXES.list.partition },
    ExpressionAttributeValues: { ':jobs': LIST_PARTITION, ...(prefix !== '' && { ':prefix': prefix }) },
  });

  return {
    get,

    async create(job) {
      const write = client.send(new PutCommand({ TableName, Item: jobToItem(job), ConditionExpression: 'attribute_not_exists(pk)' }));
      return (await conditionHolds(write)) || (await isOurs(job)) ? 'created' : 'exists';
    },

    async replace(job, intent) {
      const write = client.send(
        new PutCommand({
          TableName,
          Item: jobToItem(job),
          ConditionExpression: `uid = :uid AND rev = :previous AND ${intent === null ? 'attribute_not_exists(intent)' : 'intent = :intent'}`,
          ExpressionAttributeValues: { ':uid': job.uid, ':previous': job.rev - 1, ...(intent !== null && { ':intent': intent }) },
        }),
      );
      return (await conditionHolds(write)) || (await isOurs(job)) ? 'replaced' : 'stale';
    },

    async settle({ id, uid, rev }, rejection) {
      const write = client.send(
        new UpdateCommand({
          TableName,
          Key: jobKey(id),
          UpdateExpression:
            rejection === null
              ? 'REMOVE intent, attention, attentionAt, rejection'
              : 'SET rejection = :rejection REMOVE intent, attention, attentionAt',
          ConditionExpression: 'uid = :uid AND rev = :rev',
          ExpressionAttributeValues: { ':uid': uid, ':rev': rev, ...(rejection !== null && { ':rejection': rejection }) },
        }),
      );
      await conditionHolds(write);
    },

    async reopen({ id, uid, rev, firstTick }, now) {
      const write = client.send(
        new UpdateCommand({
          TableName,
          Key: jobKey(id),
          UpdateExpression: `SET intent = :apply, attention = :pending, attentionAt = :now, madeAt = :now${firstTick === null ? ' REMOVE firstTick' : ', firstTick = :firstTick'}`,
          ConditionExpression: 'uid = :uid AND rev = :rev AND (attribute_not_exists(intent) OR intent = :apply)',
          ExpressionAttributeValues: {
            ':uid': uid,
            ':rev': rev,
            ':apply': 'apply',
            ':pending': attentionPartition('pending', id),
            ':now': now,
            ...(firstTick !== null && { ':firstTick': firstTick }),
          },
        }),
      );
      return (await conditionHolds(write)) ? 'reopened' : 'stale';
    },

    async noteMade({ id, uid, rev }, at) {
      const write = client.send(
        new UpdateCommand({
          TableName,
          Key: jobKey(id),
          UpdateExpression: 'SET madeAt = :at',
          ConditionExpression: 'uid = :uid AND rev = :rev',
          ExpressionAttributeValues: { ':uid': uid, ':rev': rev, ':at': at },
        }),
      );
      await conditionHolds(write);
    },

    async remove({ id, uid, rev }) {
      const write = client.send(
        new DeleteCommand({
          TableName,
          Key: jobKey(id),
          ConditionExpression: 'uid = :uid AND rev = :rev',
          ExpressionAttributeValues: { ':uid': uid, ':rev': rev },
        }),
      );
      await conditionHolds(write);
    },

    async list({ prefix = '', after, limit }) {
      const start = after !== undefined && { ExclusiveStartKey: { ...jobKey(after), list: LIST_PARTITION, id: after } };
      const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ ...listQuery(prefix), Limit: limit, ...start }));
      return { jobs: Items.map(listedJobFromItem), more: LastEvaluatedKey !== undefined };
    },

    async count(upTo, prefix = '') {
      let count = 0;
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const answer = await client.send(
          new QueryCommand({ ...listQuery(prefix), Select: 'COUNT', Limit: upTo - count, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
        );
        count += answer.Count ?? 0;
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey && count < upTo);
      return count;
    },

    async pending(before, limit) {
      const items = await attentionItems(table, 'pending', { to: before }, limit);
      return items.map((item) => ({
        id: String(item.pk).slice('JOB#'.length) as JobId,
        intent: item.intent === 'delete' ? 'delete' : 'apply',
      }));
    },
  };
}
