import { dynamoClient } from '../../aws/clients.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { readEnvironment } from '../../aws/environment.ts';
import { logEvent, runLog } from '../../aws/lambda-log.ts';
import { systemClock } from '../../aws/system.ts';
import { moduleLoader } from '../../core/run/module-loader.ts';
import { modules } from '../../jobs/index.ts';
import { deliverEvent, type RunnerContext, summary } from './deliver-event.ts';

const table = { client: dynamoClient(), name: readEnvironment('CARILLON_TABLE').CARILLON_TABLE };
const ports = { clock: systemClock, jobs: dynamoJobs(table), runs: dynamoRuns(table), modules: moduleLoader(modules), log: runLog };

// Stacks name the lines that the author of a module wrote; the chunks are loaded after this.
process.setSourceMapsEnabled(true);

/** Runs jobs: invoked by EventBridge Scheduler with a tick, and by the delay queue with its messages. */
export async function handler(event: unknown, context: RunnerContext) {
  const { deliveries, response } = await deliverEvent(ports, event, context);
  for (const delivery of deliveries) logEvent('delivery', summary(delivery));
  // A module that ignored its signal must not go on after its run was recorded: nothing else can stop it.
  if (deliveries.some((delivery) => delivery.is === 'ran' && delivery.bodyLives)) process.exit(1);
  return response;
}
