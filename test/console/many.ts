import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { endedToItem } from '../../aws/run-item.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import { runIdOf } from '../../core/ids.ts';
import type { EndedRun } from '../../core/run/run.ts';
import { eachAtOnce } from '../support/each-at-once.ts';
import type { DevHost } from '../support/project.ts';

const BATCH = 25;
const HOUR = 3_600_000;
const NOTHING = { progress: null, log: [], logDropped: 0 };

export const idOf = (n: number) => `job-${String(n).padStart(5, '0')}`;

/** Makes jobs `job-00000` and on, by the API. */
export async function makeJobs(host: DevHost, count: number): Promise<void> {
  await eachAtOnce(count, async (n) => {
    const id = idOf(n);
    const schedule = n % 3 === 0 ? 'rate(1 hour)' : `cron(${n % 60} ${n % 24} ? * ${1 + (n % 7)} *)`;
    const { status } = await host.request('POST', '/v1/jobs', { id, module: 'heartbeat', schedule, timezone: 'Europe/Berlin' });
    if (status !== 201) throw new Error(`${id}: ${status}`);
  });
}

/** Writes runs of those jobs as they are stored, an hour apart, one of fifty of them failed. */
export async function writeRuns(
  { client, name }: { readonly client: DynamoDBDocumentClient; readonly name: string },
  jobs: readonly { readonly id: JobId; readonly uid: JobUid }[],
  { each, now }: { readonly each: number; readonly now: number },
): Promise<number> {
  const runs = jobs.flatMap(({ id, uid }, job) =>
    Array.from({ length: each }, (_, n) => runOf(id, uid, job * each + n, now - (n + 1) * HOUR)),
  );
  await eachAtOnce(Math.ceil(runs.length / BATCH), async (n) => {
    const requests = runs.slice(n * BATCH, (n + 1) * BATCH).map((run) => ({ PutRequest: { Item: endedToItem(run).header } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
  });
  return runs.length;
}

function runOf(jobId: JobId, jobUid: JobUid, n: number, dueAt: number): EndedRun {
  const key = { jobId, jobUid, runId: runIdOf(dueAt), module: 'heartbeat' as ModuleName, trigger: 'schedule' as const, dueAt };
  const [startedAt, endedAt] = [dueAt + 12, dueAt + 12 + 20 + (n % 400)];
  const run = { ...key, keptUntil: dueAt + 30 * 24 * HOUR, attempt: 1, attempts: [], startedAt, endedAt, late: false, record: NOTHING };
  return n % 50 === 0
    ? { ...run, state: 'failed', reason: 'error', error: { name: 'TypeError', message: 'rows is not iterable' } }
    : { ...run, state: 'succeeded', output: { beat: n } };
}
