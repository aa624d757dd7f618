import { dynamoClient, sqsClient } from './clients.ts';
import { dynamoJobs } from './dynamo-jobs.ts';
import { dynamoRuns } from './dynamo-runs.ts';
import { readEnvironment } from './environment.ts';
import { sqsQueue } from './sqs-queue.ts';
import { systemClock, systemRandom } from './system.ts';

/** Clock, randomness, the table and the queue: what every function needs. */
export function functionPorts() {
  const { CARILLON_TABLE: name, CARILLON_QUEUE_URL: queueUrl } = readEnvironment('CARILLON_TABLE', 'CARILLON_QUEUE_URL');
  const table = { client: dynamoClient(), name };
  return {
    clock: systemClock,
    random: systemRandom,
    jobs: dynamoJobs(table),
    runs: dynamoRuns(table, systemClock),
    queue: sqsQueue(sqsClient(), queueUrl),
  };
}
