import { dynamoClient } from '../../aws/clients.ts';
import { dynamoJobs } from '../../aws/dynamo-jobs.ts';
import { dynamoRuns } from '../../aws/dynamo-runs.ts';
import { systemClock } from '../../aws/system.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import { occurrenceKey, type RunningRun } from '../../core/run/run.ts';

// What a run asks of the store, and nothing else, one after the other: the floor that the store sets to runs. One of several processes:
// node local/start.mjs test/bench/store-load.ts <table> <name> <seconds>; the endpoint is in the environment. Prints how many runs' worth it did.

const [table = '', name = '', seconds = '5'] = process.argv.slice(2);
const at = { client: dynamoClient(), name: table };
const [jobs, runs] = [dynamoJobs(at), dynamoRuns(at, systemClock)];
const began = systemClock.now();
let done = 0;
for (let n = 0; systemClock.now() - began < Number(seconds) * 1_000; n++) {
  const job = { id: `${name}-${n}` as JobId, uid: `${name}${n}` as JobUid, module: 'fires' as ModuleName };
  await jobs.get(job.id);
  const key = { ...occurrenceKey(job as never, began, began + 86_400_000) };
  const lease = { owner: name, fence: 1, expiresAt: began + 900_000 };
  const more = { attempt: 1, attempts: [], startedAt: began, late: false, locked: true, cancelledAt: null, record: null };
  const run: RunningRun = { ...key, state: 'running', ...more, lease };
  await runs.claim(run);
  await runs.lock(run);
  const record = { progress: null, log: [], logDropped: 0 };
  await runs.end(
    { ...key, state: 'succeeded', output: null, attempt: 1, attempts: [], startedAt: began, endedAt: began, late: false, record },
    run.lease,
  );
  await runs.unlock(run);
  done++;
}
console.log(done);
process.exit();
