import { dynamoClient, sqsClient } from './clients.ts';
import { dynamoJobs } from './dynamo-jobs.ts';
import { dynamoRuns } from './dynamo-runs.ts';
import { dynamoSwitch } from './dynamo-switch.ts';
import { aliveSince, readEnvironment } from './environment.ts';
import type { Runners } from './runners.ts';
import { sqsQueue } from './sqs-queue.ts';
import { systemClock, systemRandom } from './system.ts';
import type { Table } from './table-client.ts';

/** The table that the environment names. */
export function tableOfEnvironment(): Table {
  return { client: dynamoClient(), name: readEnvironment('CARILLON_TABLE').CARILLON_TABLE };
}

/** Clock, randomness, the table and the queue: what every function needs. */
export function functionPorts(runners: Pick<Runners, 'queueUrlOf'>, table: Table = tableOfEnvironment()) {
  return {
    clock: systemClock,
    random: systemRandom,
    jobs: dynamoJobs(table),
    runs: dynamoRuns(table, systemClock),
    stage: dynamoSwitch(table, systemClock),
    aliveSince: aliveSince(),
    queue: sqsQueue(sqsClient(), runners.queueUrlOf),
  };
}
