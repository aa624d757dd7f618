import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';

export interface Database {
  readonly endpoint: string;
  stop(): Promise<void>;
}

type WorkerMessage = { is: 'ready'; port: number } | { is: 'failed'; message: string } | { is: 'closed' };

/** Starts the embedded DynamoDB on a folder, or in memory. */
export async function startDatabase(path: string | undefined): Promise<Database> {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { path }, execArgv: [] });
  const [started] = (await once(worker, 'message')) as [WorkerMessage];
  if (started.is !== 'ready') throw new Error(started.is === 'failed' ? started.message : 'the database did not start');
  return { endpoint: `http://127.0.0.1:${started.port}`, stop: () => stop(worker) };
}

/** Makes the table if there is none, and waits until it can be used. */
export async function createTable(endpoint: string, table: CreateTableCommandInput): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  try {
    while ((await client.send(new DescribeTableCommand({ TableName: table.TableName }))).Table?.TableStatus !== 'ACTIVE') await delay(10);
  } finally {
    client.destroy();
  }
}

/** Closes the store; what was acknowledged is in the file already. */
async function stop(worker: Worker): Promise<void> {
  worker.postMessage('close');
  const closed = once(worker, 'message');
  await Promise.race([closed, delay(500, undefined, { ref: false })]);
  await worker.terminate();
}
