import { handle } from 'hono/aws-lambda';
import { bundledModules } from '../../aws/bundled-modules.ts';
import { dynamoClient, schedulerClient, sqsClient } from '../../aws/clients.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { readEnvironment } from '../../aws/environment.ts';
import { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import { systemClock, systemRandom } from '../../aws/system.ts';
import { api } from './app.ts';

const environment = readEnvironment(
  'CARILLON_TABLE',
  'CARILLON_SCHEDULE_GROUP',
  'CARILLON_RUNNER_ARN',
  'CARILLON_SCHEDULER_ROLE_ARN',
  'CARILLON_QUEUE_URL',
);
const table = { client: dynamoClient(), name: environment.CARILLON_TABLE };

/** Answers the HTTP API (API Gateway payload 2.0). */
export const handler = handle(
  api({
    clock: systemClock,
    random: systemRandom,
    jobs: dynamoJobs(table),
    runs: dynamoRuns(table),
    engine: eventBridgeEngine(schedulerClient(), {
      groupName: environment.CARILLON_SCHEDULE_GROUP,
      runnerArn: environment.CARILLON_RUNNER_ARN,
      roleArn: environment.CARILLON_SCHEDULER_ROLE_ARN,
    }),
    queue: sqsQueue(sqsClient(), environment.CARILLON_QUEUE_URL),
    catalog: bundledModules(new URL('./manifest/', import.meta.url)),
  }),
);
