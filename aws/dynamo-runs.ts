import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobId, JobUid, RunId } from '../core/ids.ts';
import { runIdOf } from '../core/ids.ts';
import type { Clock, RunStore } from '../core/ports.ts';
import type { FinishedRun, RunningRun } from '../core/run/run.ts';
import { detailOf, finishedToItem, type Item, runFromItem, runningToItem, runToItem, unstartedToItem } from './run-item.ts';
import { ACCOUNT_KEY, attentionPartition, detailKey, runKey, TTL_ATTRIBUTE } from './table.ts';
import { attentionItems, conditionHolds, type Table } from './table-client.ts';

const NOT_THERE = 'attribute_not_exists(pk)';
const STILL_WAITING = '#state = :waiting';
const STILL_OURS = '#state = :running AND #owner = :owner AND fence = :fence';
const NAMES = { '#state': 'state', '#owner': 'owner' };

/** Keeps runs in the table, newest first by their sort key; what a header cannot hold goes to an item of its own. */
export function dynamoRuns(table: Table, clock: Clock): RunStore {
  const { client, name: TableName } = table;

  async function read(key: { pk: string; sk: string }): Promise<Item | undefined> {
    return (await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
  }

  /** AWS deletes an item days after its time: until then it is there, and passed over. */
  const isKept = (item: Item) => Number(item[TTL_ATTRIBUTE]) * 1000 > clock.now();

  /** After a failed condition: whether the run is as we meant to write it, our answer having been lost. */
  async function isOurs(run: RunningRun | FinishedRun, lease: RunningRun['lease']): Promise<boolean> {
    const item = await read(runKey(run.jobUid, run.runId));
    return item?.owner === lease.owner && item.fence === lease.fence && item.state === run.state;
  }

  return {
    async claim(run) {
      const write = client.send(new PutCommand({ TableName, Item: runningToItem(run), ConditionExpression: NOT_THERE }));
      return (await conditionHolds(write)) || (await isOurs(run, run.lease)) ? 'claimed' : 'exists';
    },

    async record(run) {
      const write = client.send(new PutCommand({ TableName, Item: unstartedToItem(run), ConditionExpression: NOT_THERE }));
      return (await conditionHolds(write)) ? 'recorded' : 'exists';
    },

    async isMissed(jobUid, dueAt) {
      // A stretch is kept under its last due time: the first record from this one on is it, if there is one.
      const { Items: [item] = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :end',
          ExpressionAttributeValues: { ':pk': runKey(jobUid, '' as RunId).pk, ':from': runKey(jobUid, runIdOf(dueAt)).sk, ':end': 'R#~' },
          ConsistentRead: true,
          Limit: 1,
        }),
      );
      const run = item && runFromItem(item);
      return run?.state === 'missed' && run.missed.from <= dueAt;
    },

    async request(run) {
      const attention = { attention: attentionPartition('waiting', run.runId), attentionAt: run.dueAt };
      const Item = { ...runToItem(run), reason: run.reason, ...attention };
      // The id is random: a run of it that is there already is this one, its answer lost.
      await conditionHolds(client.send(new PutCommand({ TableName, Item, ConditionExpression: NOT_THERE })));
    },

    async withdraw(jobUid, runId) {
      const write = client.send(
        new DeleteCommand({
          TableName,
          Key: runKey(jobUid, runId),
          ConditionExpression: STILL_WAITING,
          ExpressionAttributeNames: { '#state': NAMES['#state'] },
          ExpressionAttributeValues: { ':waiting': 'waiting' },
        }),
      );
      await conditionHolds(write);
    },

    async start(run) {
      const write = client.send(
        new PutCommand({
          TableName,
          Item: runningToItem(run),
          ConditionExpression: STILL_WAITING,
          ExpressionAttributeNames: { '#state': NAMES['#state'] },
          ExpressionAttributeValues: { ':waiting': 'waiting' },
        }),
      );
      return (await conditionHolds(write)) || (await isOurs(run, run.lease)) ? 'started' : 'gone';
    },

    async finish(run, lease) {
      const { header, detail } = finishedToItem(run);
      // The detail goes first: a terminal record never points at one that is not there.
      if (detail) await client.send(new PutCommand({ TableName, Item: { ...detailKey(run.jobUid, run.runId), ...detail } }));
      const attention =
        run.state === 'failed' || run.state === 'timedOut'
          ? { attention: attentionPartition('failed', run.runId), attentionAt: run.endedAt }
          : {};
      const members = Object.entries({ ...header, ...attention });
      const write = client.send(
        new UpdateCommand({
          TableName,
          Key: runKey(run.jobUid, run.runId),
          UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')} REMOVE leaseExpiresAt`,
          ConditionExpression: STILL_OURS,
          ExpressionAttributeNames: { ...NAMES, ...Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])) },
          ExpressionAttributeValues: {
            ':running': 'running',
            ':owner': lease.owner,
            ':fence': lease.fence,
            ...Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
          },
        }),
      );
      return (await conditionHolds(write)) || (await isOurs(run, lease)) ? 'finished' : 'fenced';
    },

    async get(jobUid, runId) {
      const header = await read(runKey(jobUid, runId));
      if (!header || !isKept(header)) return undefined;
      return runFromItem(header, header.hasDetail ? detailOf(await read(detailKey(jobUid, runId))) : undefined);
    },

    async list(jobUid, { before, limit }) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :run)',
          ExpressionAttributeValues: { ':pk': runKey(jobUid, '' as RunId).pk, ':run': 'R#' },
          ScanIndexForward: false,
          Limit: limit,
          ...(before !== undefined && { ExclusiveStartKey: runKey(jobUid, before) }),
        }),
      );
      return { runs: Items.filter(isKept).map((item) => runFromItem(item)), more: LastEvaluatedKey !== undefined };
    },

    async accountedTo() {
      const item = await read(ACCOUNT_KEY);
      return typeof item?.accountedTo === 'number' ? item.accountedTo : undefined;
    },

    async setAccountedTo(accountedTo) {
      await client.send(new PutCommand({ TableName, Item: { ...ACCOUNT_KEY, accountedTo } }));
    },

    async waiting(before, limit) {
      const items = await attentionItems(table, 'waiting', before, limit);
      return items.map((item) => ({
        jobId: item.jobId as JobId,
        jobUid: String(item.pk).slice('RUNS#'.length) as JobUid,
        runId: String(item.sk).slice('R#'.length) as RunId,
      }));
    },
  };
}
