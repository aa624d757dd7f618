import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
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
it('passes over a run whose time is over, though its item is still there', async () => {
  const clock = new VirtualClock('2027-01-01T00:00:00Z');
  const runs = dynamoRuns(await newTable(), clock);
  await runs.claim(running());
  await clock.advance(31 * 86_400_000);
  expect(await runs.get(running().jobUid, running().runId)).toBeUndefined();
  expect((await runs.list(running().jobUid, { limit: 5 })).runs).toEqual([]);
});

runStoreContract('DynamoDB', async () => dynamoRuns(await newTable(), new VirtualClock('2027-01-01T00:00:00Z')));
