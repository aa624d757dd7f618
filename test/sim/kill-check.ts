import type { DevHost } from '../support/project.ts';
import type { Definition, KnownJob } from './kill-client.ts';

export interface Findings {
  /** Acknowledged writes that are not there. */
  readonly lost: string[];
  /** What else should not be. */
  readonly unexpected: string[];
}

/** So long after a start EventBridge may still lack a change. */
const APPLIED_WITHIN_MS = 5_000;

/** Looks for everything that was acknowledged; what was found becomes what is known. */
export async function checkJobs(host: DevHost, jobs: readonly KnownJob[], ready: number): Promise<Findings> {
  const findings: Findings = { lost: [], unexpected: [] };
  await inTurns(8, jobs, (job) => checkJob(host, job, ready, findings));
  const living = jobs.filter(({ told }) => told !== 'gone').map(({ id }) => id);
  const { total, ids } = await list(host);
  if (total !== living.length || ids.length !== living.length)
    findings.unexpected.push(`the total is ${total}, ${ids.length} are listed, and there are ${living.length} jobs`);
  const missing = living.filter((id) => !ids.includes(id));
  const others = ids.filter((id) => !living.includes(id));
  if (missing.length + others.length > 0) findings.unexpected.push(`not listed: ${missing.join()}; listed though gone: ${others.join()}`);
  return findings;
}

async function checkJob(host: DevHost, job: KnownJob, ready: number, { lost, unexpected }: Findings): Promise<void> {
  const found = await look(host, job.id, ready, unexpected);
  if (found === undefined) return;
  const isTold = isSame(found, job.told);
  if (!isTold && !(job.untold !== undefined && isSame(found, job.untold))) {
    lost.push(`${job.id} is ${JSON.stringify(found)}, and was acknowledged as ${JSON.stringify(job.told)}`);
  }
  job.told = found;
  delete job.untold;
  if (found !== 'gone') {
    for (const runId of job.runs) {
      const { status } = await host.request('GET', `/v1/jobs/${job.id}/runs/${runId}`);
      if (status !== 200) lost.push(`run ${runId} of ${job.id}: ${status}`);
    }
  }
  job.runs.length = 0;
}

/** The job as it is once EventBridge has it; undefined when that cannot be told. */
async function look(host: DevHost, id: string, ready: number, unexpected: string[]): Promise<Definition | 'gone' | undefined> {
  for (;;) {
    const { status, json } = await host.request('GET', `/v1/jobs/${id}`);
    if (status === 404) return 'gone';
    if (status !== 200) {
      unexpected.push(`GET of ${id} answered ${status}`);
      return undefined;
    }
    const { description, runFrequency, paused, problem } = json;
    if (problem === null || performance.now() - ready > APPLIED_WITHIN_MS) {
      if (problem !== null) unexpected.push(`${id} is ${problem} ${APPLIED_WITHIN_MS} ms after the start`);
      return { description, runFrequency, paused: paused !== null };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isSame(one: Definition | 'gone', other: Definition | 'gone'): boolean {
  if (one === 'gone' || other === 'gone') return one === other;
  return one.description === other.description && one.runFrequency === other.runFrequency && one.paused === other.paused;
}

async function list(host: DevHost): Promise<{ total: number; ids: string[] }> {
  const ids: string[] = [];
  let [total, query] = [0, ''];
  for (;;) {
    const { json } = await host.request('GET', `/v1/jobs?limit=500${query}`);
    if (query === '') total = json.total;
    ids.push(...json.jobs.map(({ id }: { id: string }) => id));
    if (json.nextPageToken === null || json.nextPageToken === undefined) return { total, ids };
    query = `&pageToken=${encodeURIComponent(json.nextPageToken)}`;
  }
}

async function inTurns<T>(lanes: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
