import { dynamoClient } from './clients.ts';
import { dynamoJobs } from './dynamo-jobs.ts';
import { dynamoRuns } from './dynamo-runs.ts';
import { readEnvironment } from './environment.ts';
import { systemClock, systemRandom } from './system.ts';

/** Clock, randomness and the table: what every function needs. */
export function storePorts() {
  const table = { client: dynamoClient(), name: readEnvironment('CARILLON_TABLE').CARILLON_TABLE };
  return { clock: systemClock, random: systemRandom, jobs: dynamoJobs(table), runs: dynamoRuns(table, systemClock) };
}
