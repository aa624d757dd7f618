import type { JobAnswer, JobRowAnswer } from '../../core/contract/answers.ts';
import { CarillonError, type Client } from '../http/index.ts';

/** The jobs that there are to be, by their ids, and the set that says whose they are. */
export interface Desired {
  readonly set: string;
  readonly jobs: Readonly<Record<string, object>>;
}

/** A job as it was found. */
type Before = Pick<JobRowAnswer, 'id' | 'rev' | 'nextRun'>;

/** What is to be done about one job, or was done; `refused` says why it cannot be. */
export type Step =
  | { readonly is: 'create'; readonly id: string; readonly after: JobAnswer }
  | { readonly is: 'update'; readonly id: string; readonly before: Before; readonly after: JobAnswer }
  | { readonly is: 'delete'; readonly id: string; readonly before: Before }
  | { readonly is: 'same'; readonly id: string }
  | { readonly is: 'refused'; readonly id: string; readonly why: string };

/** Requests under way at once. */
const WIDTH = 16;
/** Rows of a page of the list. */
const PAGE = 500;

/** Told of how far a long loop has come. */
export type Tell = (done: number, of: number) => void;

/** Compares what there is to be with what there is, and changes nothing. */
export function plan(client: Client, desired: Desired, tell?: Tell): Promise<Step[]> {
  return bring(client, desired, true, tell);
}

/**
 * Brings the jobs of a set in line: creates, changes and deletes, and leaves alone what is another set's or nobody's. Whoever
 * changes a job meanwhile wins. What was interrupted is simply applied again.
 */
export function apply(client: Client, desired: Desired, tell?: Tell): Promise<Step[]> {
  return bring(client, desired, false, tell);
}

async function bring(client: Client, desired: Desired, dryRun: boolean, tell: Tell = () => undefined): Promise<Step[]> {
  const own = new Map<string, Before>();
  for await (const { id, rev, nextRun } of client.jobs.list({ set: desired.set, limit: PAGE })) own.set(id, { id, rev, nextRun });
  const wanted = Object.keys(desired.jobs);
  const left = [...own.values()].filter(({ id }) => !(id in desired.jobs));
  const steps = [
    ...wanted.map((id) => () => write(client, desired, id, own.get(id), dryRun)),
    ...left.map((before) => () => remove(client, before, dryRun)),
  ];
  return all(steps, tell);
}

async function write(client: Client, desired: Desired, id: string, before: Before | undefined, dryRun: boolean): Promise<Step> {
  try {
    const after = await client.jobs.put(id, bodyOf(desired, id), { dryRun, ...(before ? { ifRev: before.rev } : { ifNew: true }) });
    if (!before) return { is: 'create', id, after };
    return after.rev === before.rev ? { is: 'same', id } : { is: 'update', id, before, after };
  } catch (error) {
    if (before || !(error instanceof CarillonError) || error.code !== 'stale') return refusal(id, error);
    const other = await client.jobs.get(id);
    // Made by this very request, its answer lost; or it was not in the list yet.
    if (other.set === desired.set) return write(client, desired, id, other, dryRun);
    return { is: 'refused', id, why: other.set === null ? 'it exists, and belongs to no set' : `it belongs to the set "${other.set}"` };
  }
}

async function remove(client: Client, before: Before, dryRun: boolean): Promise<Step> {
  const { id } = before;
  try {
    await client.jobs.delete(id, { ifRev: before.rev, dryRun });
    return { is: 'delete', id, before };
  } catch (error) {
    // Deleted already: what was wanted.
    return error instanceof CarillonError && error.code === 'unknownJob' ? { is: 'delete', id, before } : refusal(id, error);
  }
}

/** What will not pass by itself is told of; what may ends the loop. */
function refusal(id: string, error: unknown): Step {
  if (error instanceof CarillonError && error.status > 0 && error.status < 500) return { is: 'refused', id, why: error.message };
  throw error;
}

/** The whole of a job; what is in it is for the API to say. */
function bodyOf({ set, jobs }: Desired, id: string) {
  return { module: id, ...jobs[id], id, set } as never;
}

async function all<Result>(work: readonly (() => Promise<Result>)[], tell: Tell): Promise<Result[]> {
  const results: Result[] = [];
  let [next, done] = [0, 0];
  const lane = async () => {
    for (let n = next++; n < work.length; n = next++) {
      try {
        results[n] = (await work[n]?.()) as Result;
        tell(++done, work.length);
      } catch (error) {
        next = work.length; // The others begin nothing more.
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return results;
}
