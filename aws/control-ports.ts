import { schedulerClient } from './clients.ts';
import { dynamoCheckpoints } from './dynamo-checkpoints.ts';
import { dynamoKeys } from './dynamo-keys.ts';
import { readEnvironment } from './environment.ts';
import { eventBridgeEngine } from './eventbridge-engine.ts';
import { functionPorts, tableOfEnvironment } from './function-ports.ts';
import type { Runners } from './runners.ts';

/** What the functions need that create and change schedules; the runner does not. */
export function controlPorts(runners: Runners) {
  const environment = readEnvironment('CARILLON_SCHEDULE_GROUP', 'CARILLON_SCHEDULER_ROLE_ARN', 'CARILLON_UNDELIVERED_ARN');
  const table = tableOfEnvironment();
  return {
    ...functionPorts(runners, table),
    keys: dynamoKeys(table),
    checkpoints: dynamoCheckpoints(table),
    engine: eventBridgeEngine(schedulerClient(), {
      groupName: environment.CARILLON_SCHEDULE_GROUP,
      runnerArnOf: runners.arnOf,
      roleArn: environment.CARILLON_SCHEDULER_ROLE_ARN,
      undeliveredArn: environment.CARILLON_UNDELIVERED_ARN,
    }),
  };
}
