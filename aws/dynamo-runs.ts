import { DeleteCommand, GetCommand, PutCommand, type PutCommandInput, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobId, JobUid, RunId } from '../core/ids.ts';
import type { Clock, RunRef, RunStore } from '../core/ports.ts';
import type { EndedRun, Lease, Run } from '../core/run/run.ts';
import { detailOf, endedToItem, type Item, recordToDetail, runFromItem, runningToItem, waitingToItem } from './run-item.ts';
import { detailKey, lockKey, runKey, TTL_ATTRIBUTE, turnKey } from './table.ts';
import { attentionItems, conditionHolds, type Table } from './table-client.ts';

/** After the sort keys of all runs. */
const END = 'R#~';
const NOT_THERE = 'attribute_not_exists(pk)';
const STILL_WAITING = '#state = :waiting AND fence = :fence';
const STILL_OURS = '#state = :running AND #owner = :owner AND fence = :fence';
const STATE = { '#state': 'state' };
const STATE_AND_OWNER = { '#state': 'state', '#owner': 'owner' };

/** Keeps runs in the table, newest first by their sort key; what a header cannot hold goes to an item of its own. */
export function dynamoRuns(table: Table, clock: Clock): RunStore {
  const { client, name: TableName } = table;

  async function read(key: { pk: string; sk: string }): Promise<Item | undefined> {
    return (await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
  }

  function put(Item: Item, condition: Omit<PutCommandInput, 'TableName' | 'Item'>): Promise<boolean> {
    return conditionHolds(client.send(new PutCommand({ TableName, Item, ...condition })));
  }

  /** AWS deletes an item days after its time: until then it is there, and passed over. */
  const isKept = (item: Item) => Number(item[TTL_ATTRIBUTE]) * 1000 > clock.now();

  /** After a failed condition: whether the run is as we meant to write it, our answer having been lost. */
  async function isOurs(run: Run, { owner, fence }: Lease): Promise<boolean> {
    const item = await read(runKey(run.jobUid, run.runId));
    return item?.owner === owner && item.fence === fence && item.state === run.state;
  }

  /** The detail goes first: a terminal record never points at one that is not there. */
  async function putDetail(run: EndedRun): Promise<Item> {
    const { header, detail } = endedToItem(run);
    if (detail) await client.send(new PutCommand({ TableName, Item: { ...detailKey(run.jobUid, run.runId), ...detail } }));
    return header;
  }

  async function edge(jobUid: JobUid, range: string, values: Item, forward: boolean, ConsistentRead: boolean): Promise<Run | undefined> {
    const { Items: [item] = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: `pk = :pk AND sk BETWEEN ${range}`,
        ExpressionAttributeValues: { ':pk': runKey(jobUid, '' as RunId).pk, ...values },
        ScanIndexForward: forward,
        ConsistentRead,
        Limit: 1,
      }),
    );
    return item && runFromItem(item);
  }

  return {
    async claim(run) {
      const claimed = await put(runningToItem(run), { ConditionExpression: NOT_THERE });
      return claimed || (await isOurs(run, run.lease)) ? 'claimed' : 'exists';
    },

    async record(run) {
      const { hasDetail: _, ...header } = endedToItem(run).header;
      return (await put(header, { ConditionExpression: NOT_THERE })) ? 'recorded' : 'exists';
    },

    async request(run) {
      // The id is random: a run of it that is there already is this one, its answer lost.
      await put(waitingToItem(run, undefined), { ConditionExpression: NOT_THERE });
    },

    async start(run) {
      const started = await put(runningToItem(run), {
        ConditionExpression: STILL_WAITING,
        ExpressionAttributeNames: STATE,
        ExpressionAttributeValues: { ':waiting': 'waiting', ':fence': run.lease.fence - 1 },
      });
      return started || (await isOurs(run, run.lease)) ? 'started' : 'gone';
    },

    async end(run, lease) {
      const { owner, fence } = lease;
      const again = run.state === 'waiting';
      const item = again ? waitingToItem(run, owner) : { ...(await putDetail(run)), owner, fence };
      const ended = await put(item, {
        ConditionExpression: again ? `${STILL_OURS} AND attribute_not_exists(cancelledAt)` : STILL_OURS,
        ExpressionAttributeNames: STATE_AND_OWNER,
        ExpressionAttributeValues: { ':running': 'running', ':owner': owner, ':fence': fence },
      });
      if (ended) return 'ended';
      const there = await read(runKey(run.jobUid, run.runId));
      if (there?.owner !== owner || there.fence !== fence) return 'fenced';
      if (there.state === run.state) return 'ended';
      return there.state === 'running' ? 'cancelled' : 'fenced';
    },

    async endWaiting(run, fence) {
      // Without a detail: if the run was started meanwhile, the detail is that execution's.
      const { hasDetail: _, ...header } = endedToItem(run).header;
      const ended = await put(header, {
        ConditionExpression: STILL_WAITING,
        ExpressionAttributeNames: STATE,
        ExpressionAttributeValues: { ':waiting': 'waiting', ':fence': fence },
      });
      if (ended) return 'ended';
      const there = await read(runKey(run.jobUid, run.runId));
      return there?.state === run.state && there.endedAt === run.endedAt ? 'ended' : 'gone';
    },

    async beat(run, record) {
      let isCancelled = false;
      const write = client
        .send(
          new UpdateCommand({
            TableName,
            Key: runKey(run.jobUid, run.runId),
            UpdateExpression: 'SET hasDetail = :true, progress = :progress, logDropped = :dropped',
            ConditionExpression: STILL_OURS,
            ExpressionAttributeNames: STATE_AND_OWNER,
            ExpressionAttributeValues: {
              ':true': true,
              ':progress': JSON.stringify(record.progress),
              ':dropped': record.logDropped,
              ':running': 'running',
              ':owner': run.lease.owner,
              ':fence': run.lease.fence,
            },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => {
          isCancelled = Attributes?.cancelledAt !== undefined;
        });
      if (!(await conditionHolds(write))) return 'fenced';
      // After the header: of a run that others have ended, the detail is theirs.
      const detail = recordToDetail(run, record);
      await client.send(new PutCommand({ TableName, Item: { ...detailKey(run.jobUid, run.runId), ...detail } }));
      return isCancelled ? 'cancelled' : 'goOn';
    },

    async cancel(jobUid, runId, at) {
      const write = client.send(
        new UpdateCommand({
          TableName,
          Key: runKey(jobUid, runId),
          UpdateExpression: 'SET cancelledAt = if_not_exists(cancelledAt, :at)',
          ConditionExpression: '#state = :running',
          ExpressionAttributeNames: STATE,
          ExpressionAttributeValues: { ':running': 'running', ':at': at },
        }),
      );
      return (await conditionHolds(write)) ? 'asked' : 'gone';
    },

    async lock({ jobUid, runId, keptUntil }) {
      const Item = { ...lockKey(jobUid), holder: runId, [TTL_ATTRIBUTE]: Math.ceil(keptUntil / 1000) };
      const condition = { ConditionExpression: 'attribute_not_exists(pk) OR holder = :own', ExpressionAttributeValues: { ':own': runId } };
      for (;;) {
        if (await put(Item, condition)) return 'locked';
        const there = await read(lockKey(jobUid));
        // Not there: it was given back in between, and is there to be had.
        if (there) return { holder: String(there.holder) as RunId };
      }
    },

    async takeLock({ jobUid, runId, keptUntil }, holder) {
      const Item = { ...lockKey(jobUid), holder: runId, [TTL_ATTRIBUTE]: Math.ceil(keptUntil / 1000) };
      const taken = await put(Item, {
        ConditionExpression: 'attribute_not_exists(pk) OR holder IN (:holder, :own)',
        ExpressionAttributeValues: { ':holder': holder, ':own': runId },
      });
      return taken ? 'locked' : 'changed';
    },

    async unlock({ jobUid, runId }) {
      const condition = { ConditionExpression: 'holder = :own', ExpressionAttributeValues: { ':own': runId } };
      await conditionHolds(client.send(new DeleteCommand({ TableName, Key: lockKey(jobUid), ...condition })));
    },

    async takeTurn(jobUid, owner, now, until) {
      const Item = { ...turnKey(jobUid), owner, until, [TTL_ATTRIBUTE]: Math.ceil(until / 1000) };
      return put(Item, {
        ConditionExpression: `${NOT_THERE} OR #owner = :owner OR #until <= :now`,
        ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
        ExpressionAttributeValues: { ':owner': owner, ':now': now },
      });
    },

    async endTurn(jobUid, owner) {
      const condition = {
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
      };
      await conditionHolds(client.send(new DeleteCommand({ TableName, Key: turnKey(jobUid), ...condition })));
    },

    async get(jobUid, runId) {
      const header = await read(runKey(jobUid, runId));
      if (!header || !isKept(header)) return undefined;
      return runFromItem(header, header.hasDetail ? detailOf(await read(detailKey(jobUid, runId))) : undefined);
    },

    firstFrom(jobUid, runId) {
      return edge(jobUid, ':from AND :end', { ':from': runKey(jobUid, runId).sk, ':end': END }, true, true);
    },

    lastBefore(jobUid, runId) {
      return edge(jobUid, ':start AND :to', { ':start': 'R#', ':to': runKey(jobUid, runId).sk }, false, false);
    },

    async list(jobUid, { from, before, limit, consistent = false }) {
      const { pk, sk } = runKey(jobUid, from ?? ('' as RunId));
      let ExclusiveStartKey: Record<string, unknown> | undefined = before && runKey(jobUid, before);
      // What is not kept any more may fill whole pages before it is deleted: none is empty, but for the last.
      for (;;) {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :end',
            ExpressionAttributeValues: { ':pk': pk, ':from': sk, ':end': END },
            ScanIndexForward: false,
            ConsistentRead: consistent,
            Limit: limit,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        );
        const runs = Items.filter(isKept).map((item) => runFromItem(item));
        if (runs.length > 0 || LastEvaluatedKey === undefined) return { runs, more: LastEvaluatedKey !== undefined };
        ExclusiveStartKey = LastEvaluatedKey;
      }
    },

    async waiting(before, limit) {
      return (await attentionItems(table, 'waiting', { to: before }, limit)).map(refOf);
    },

    async failed(after, limit) {
      return (await attentionItems(table, 'failed', { from: after + 1 }, limit)).map(refOf);
    },

    async lastFailed(upTo, limit) {
      return (await attentionItems(table, 'failed', { to: upTo }, limit, 'newestFirst')).map(refOf);
    },
  };
}

function refOf(item: Item): RunRef {
  return {
    jobId: item.jobId as JobId,
    jobUid: String(item.pk).slice('RUNS#'.length) as JobUid,
    runId: String(item.sk).slice('R#'.length) as RunId,
    at: Number(item.attentionAt),
  };
}
