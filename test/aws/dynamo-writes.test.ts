import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { jobToItem } from '../../aws/job-item.ts';
import type { JobUid, RunId } from '../../core/ids.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { jobOf } from '../contracts/job-store.contract.ts';

// Files share a process: what is stubbed here must not be elsewhere.
const mock = mockClient(DynamoDBDocumentClient);
afterAll(() => mock.restore());
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const jobs = dynamoJobs({ client, name: 'table' });
const failed = new ConditionalCheckFailedException({ message: '', $metadata: {} });
beforeEach(() => mock.reset());

it('takes a create whose answer was lost for done: the job that is there is the very one', async () => {
  mock
    .on(PutCommand)
    .rejects(failed)
    .on(GetCommand)
    .resolves({ Item: jobToItem(jobOf('a')) });
  expect(await jobs.create(jobOf('a'))).toBe('created');
  mock.on(GetCommand).resolves({ Item: jobToItem(jobOf('a', { uid: 'another' as JobUid })) });
  expect(await jobs.create(jobOf('a'))).toBe('exists');
});

it('passes on what is no failed condition', async () => {
  mock.on(PutCommand).rejects(new Error('throttled'));
  await expect(jobs.create(jobOf('a'))).rejects.toThrow('throttled');
});

it('writes a job as one conditional item that a pending intent alone puts into the attention index', async () => {
  mock.on(PutCommand).resolves({});
  await jobs.create(jobOf('a'));
  const { ConditionExpression, Item } = mock.commandCalls(PutCommand)[0]?.args[0].input ?? {};
  expect(ConditionExpression).toBe('attribute_not_exists(pk)');
  expect(Item).toMatchObject({ pk: 'JOB#a', sk: 'JOB', list: 'JOBS', attention: expect.stringMatching(/^pending#\d+$/), attentionAt: 500 });
  expect(jobToItem(jobOf('a', { intent: null }))).not.toHaveProperty('attention');
  expect(jobToItem(jobOf('a', { intent: 'delete' }))).not.toHaveProperty('list');
});

it('reads a run strongly, and its detail only where there is one', async () => {
  mock.on(GetCommand).resolves({});
  await dynamoRuns({ client, name: 'table' }, new VirtualClock(0)).get('uid' as JobUid, '20270101T000000Z' as RunId);
  const calls = mock.commandCalls(GetCommand);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.args[0].input).toMatchObject({ Key: { pk: 'RUNS#uid', sk: 'R#20270101T000000Z' }, ConsistentRead: true });
  expect(mock.commandCalls(UpdateCommand)).toHaveLength(0);
});
