import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { dynamoSwitch } from '../../aws/dynamo-switch.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import { createTable, type Database, startDatabase } from '../../local/database/database.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { jobStoreContract } from '../contracts/job-store.contract.ts';
import { running } from '../contracts/run-examples.ts';
import { runStoreContract } from '../contracts/run-store.contract.ts';

let database: Database;
let client: DynamoDBDocumentClient;
let tables = 0;

beforeAll(async () => {
  database = await startDatabase(undefined);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: database.endpoint, region: 'us-east-1', credentials }), {
    marshallOptions: { removeUndefinedValues: true },
  });
});
afterAll(async () => {
  client.destroy();
  await database.stop();
});

async function newTable() {
  const name = `carillon-${++tables}`;
  await createTable(database.endpoint, tableDefinition(name));
  return { client, name };
}

jobStoreContract('DynamoDB', async () => dynamoJobs(await newTable()));
it('tells the switch as it is to who looks, and as it was five seconds ago at most to who reads', async () => {
  const clock = new VirtualClock('2027-01-01T00:00:00Z');
  const table = await newTable();
  const [one, other] = [dynamoSwitch(table, clock), dynamoSwitch(table, clock)];
  expect(await one.read()).toBeNull();
  const hold = { reason: 'migration', at: clock.now() };
  await other.hold(hold);
  expect([await one.look(), await one.read()]).toEqual([hold, null]);
  await clock.advance(5_000);
  expect(await one.read()).toEqual(hold);
  await other.release();
  expect([await one.look(), await one.read()]).toEqual([null, hold]);
});

it('passes over a run whose time is over, though its item is still there', async () => {
  const clock = new VirtualClock('2027-01-01T00:00:00Z');
  const runs = dynamoRuns(await newTable(), clock);
  await runs.claim(running());
  await clock.advance(31 * 86_400_000);
  expect(await runs.get(running().jobUid, running().runId)).toBeUndefined();
  expect((await runs.list(running().jobUid, { limit: 5 })).runs).toEqual([]);
});

it('reads what a version before wrote, and what a version after added', async () => {
  const table = await newTable();
  const put = (Item: object) => client.send(new PutCommand({ TableName: table.name, Item: Item as Record<string, unknown> }));
  const job = { id: 'job', uid: 'uid', rev: 1, module: 'noop', schedule: 'rate(1 hour)', timezone: 'UTC', anchor: 0 };
  await put({ pk: 'JOB#job', sk: 'JOB', ...job, timing: 1, timingFrom: 0, createdAt: 0, updatedAt: 0, newMember: 'later' });
  expect(await dynamoJobs(table).get('job' as never)).toMatchObject({ id: 'job', madeAt: null, paused: null, policies: {} });
  const run = { jobId: 'job', module: 'noop', trigger: 'schedule', dueAt: 0, state: 'running', attempt: 1, startedAt: 5 };
  await put({
    pk: 'RUNS#uid',
    sk: 'R#20270101T000000Z',
    ...run,
    owner: 'a',
    fence: 1,
    leaseExpiresAt: 9,
    expireAt: 9_000_000_000,
    newMember: 'later',
  });
  const read = await dynamoRuns(table, new VirtualClock('2027-01-01T00:00:00Z')).get('uid' as never, '20270101T000000Z' as never);
  expect(read).toMatchObject({
    state: 'running',
    attempts: [],
    locked: false,
    cancelledAt: null,
    lease: { owner: 'a', fence: 1, expiresAt: 9 },
  });
});

runStoreContract('DynamoDB', async () => dynamoRuns(await newTable(), new VirtualClock('2027-01-01T00:00:00Z')));
