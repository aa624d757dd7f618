import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableDefinition } from '../../aws/table-definition.ts';
import { createTable, type Database, startDatabase } from '../../local/database/database.ts';
import { startScheduler } from '../../local/scheduler/index.ts';

export const TABLE = 'bench';

/** What every program of the SDK finds in its environment. */
export const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** What a function finds in its environment, beside endpoints. */
export const FUNCTION = {
  ...CREDENTIALS,
  CARILLON_TABLE: TABLE,
  CARILLON_SCHEDULE_GROUP: 'bench',
  CARILLON_RUNNER_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:bench:live',
  CARILLON_SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/bench',
  CARILLON_QUEUE_URL: 'http://127.0.0.1:9/000000000000/bench',
  CARILLON_UNDELIVERED_ARN: 'arn:aws:sqs:us-east-1:000000000000:bench',
  CARILLON_STAGE: 'local',
};

/** What a function knows of runners, where there is one. */
export const RUNNERS = {
  isOurs: () => true,
  arnOf: () => FUNCTION.CARILLON_RUNNER_ARN,
  queueUrlOf: () => FUNCTION.CARILLON_QUEUE_URL,
};

/** A database on disk with the table, for as long as something is done with it. */
export async function withDatabase<Found>(work: (database: Database) => Promise<Found>): Promise<Found> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const database = await startDatabase(join(data, 'table'));
  try {
    await createTable(database.endpoint, tableDefinition(TABLE));
    return await work(database);
  } finally {
    await database.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** The database and a scheduler that fires into nothing, and this process as a function finds them; what comes after finds its own again. */
export function withServices<Found>(work: (database: Database) => Promise<Found>): Promise<Found> {
  return withDatabase(async (database) => {
    const schedules = await startScheduler({ region: 'us-east-1', account: '000000000000', targets: { lambda: async () => undefined } });
    const before = { ...process.env };
    try {
      Object.assign(process.env, FUNCTION, { AWS_ENDPOINT_URL_DYNAMODB: database.endpoint, AWS_ENDPOINT_URL_SCHEDULER: schedules.url });
      await fetch(`${schedules.url}/schedule-groups/${FUNCTION.CARILLON_SCHEDULE_GROUP}`, { method: 'POST', body: '{}' });
      return await work(database);
    } finally {
      process.env = before;
      await schedules.stop();
    }
  });
}
