import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIMEOUTS } from '../../aws/clients.ts';
import { dynamoCheckpoints } from '../../aws/dynamo-checkpoints.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import { sqsQueue } from '../../aws/sqs-queue.ts';
import { systemClock, systemRandom } from '../../aws/system.ts';
import { reconcile } from '../../core/reconcile/reconcile.ts';
import { type DrillSettings, engineOf } from './reconcile-drill.ts';

// One pass of the reconciler in a process of its own, as Lambda has it: the parent measures it, and kills it in the middle.

const settings = JSON.parse(process.argv[2] ?? '') as DrillSettings;
const clock = { ...systemClock, now: () => systemClock.now() + settings.ahead };
const calls: Record<string, number> = {};

/** Counts the calls of a client by their names. */
function counted<Client extends { send: unknown }>(client: Client): Client {
  const send = (client.send as (command: object) => Promise<unknown>).bind(client);
  client.send = (command: object) => {
    const name = command.constructor.name.replace('Command', '');
    calls[name] = (calls[name] ?? 0) + 1;
    return send(command);
  };
  return client;
}

const client = (endpoint: string) => ({
  ...TIMEOUTS,
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const table = { client: counted(DynamoDBDocumentClient.from(new DynamoDBClient(client(settings.dynamodb)))), name: settings.table };
const checkpoints = dynamoCheckpoints(table);
const pass = await reconcile(
  {
    clock,
    random: systemRandom,
    jobs: dynamoJobs(table),
    runs: dynamoRuns(table, clock),
    engine: eventBridgeEngine(counted(new SchedulerClient(client(settings.scheduler))), engineOf(settings)),
    aliveSince: 0,
    queue: sqsQueue(counted(new SQSClient(client(settings.sqs))), () => `${settings.sqs}/q`),
    catalog: { find: async () => undefined },
    checkpoints: {
      ...checkpoints,
      async save(owner, checkpoint) {
        const saved = await checkpoints.save(owner, checkpoint);
        console.log(JSON.stringify({ at: checkpoint.walk?.id ?? checkpoint.walk?.after ?? null }));
        return saved;
      },
    },
  },
  { settledForMs: 60_000, restarted: false, compare: false, deadline: clock.now() + 600_000 },
);
console.log(JSON.stringify({ pass, calls, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
process.exit(0);
