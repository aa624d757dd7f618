import { schedulerClient, sqsClient } from './clients.ts';
import { readEnvironment } from './environment.ts';
import { eventBridgeEngine } from './eventbridge-engine.ts';
import { sqsQueue } from './sqs-queue.ts';
import { storePorts } from './store-ports.ts';

/** What the functions need that create and change schedules; the runner has none of it. */
export function controlPorts() {
  const environment = readEnvironment(
    'CARILLON_SCHEDULE_GROUP',
    'CARILLON_RUNNER_ARN',
    'CARILLON_SCHEDULER_ROLE_ARN',
    'CARILLON_QUEUE_URL',
  );
  return {
    ...storePorts(),
    engine: eventBridgeEngine(schedulerClient(), {
      groupName: environment.CARILLON_SCHEDULE_GROUP,
      runnerArn: environment.CARILLON_RUNNER_ARN,
      roleArn: environment.CARILLON_SCHEDULER_ROLE_ARN,
    }),
    queue: sqsQueue(sqsClient(), environment.CARILLON_QUEUE_URL),
  };
}
