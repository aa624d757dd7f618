import type { JobAnswer, JobRowAnswer } from '../../core/contract/answers.ts';
import { CarillonError, type Client, type WriteOptions } from '../http/index.ts';

/** The jobs that there are to be, by their ids, and the set that says whose they are. */
export interface Desired {
  readonly set: string;
  readonly jobs: Readonly<Record<string, object>>;
}

/** A job as it was found. */
type Before = Pick<JobRowAnswer, 'id' | 'rev' | 'nextRun'>;
type After = Before & Pick<JobRowAnswer, 'runFrequency'> & { readonly changed: readonly string[] };

/** What is to be done about one job, or was done; `refused` says why it cannot be. */
export type Step =
  | { readonly is: 'create'; readonly id: string; readonly after: After }
  | { readonly is: 'update'; readonly id: string; readonly before: Before; readonly after: After }
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
  const left = [...own.values()].filter(({ id }) => !Object.hasOwn(desired.jobs, id));
  const of = wanted.length + left.length;
  const written = await all(
    wanted.map((id) => () => write(client, desired, id, own.get(id), dryRun)),
    (done) => tell(done, of),
  );
  // What is not wanted may be what could not be written, under its old name.
  const isWhole = written.every(({ is }) => is !== 'refused');
  const removed = await all(
    left.map((before) => async () => (isWhole ? remove(client, before, dryRun) : kept(before))),
    (done) => tell(wanted.length + done, of),
  );
  return [...written, ...removed];
}

function kept({ id }: Before): Step {
  return { is: 'refused', id, why: 'it is not deleted while others are refused' };
}

async function write(client: Client, desired: Desired, id: string, before: Before | undefined, dryRun: boolean): Promise<Step> {
  const put = (options: WriteOptions) => client.jobs.put(id, bodyOf(desired, id), options);
  try {
    const after = await put({ dryRun, ...(before ? { ifRev: before.rev } : { ifNew: true }) });
    if (!before) return { is: 'create', id, after: told(after) };
    return after.rev === before.rev ? { is: 'same', id } : { is: 'update', id, before, after: told(after) };
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code !== 'stale') return refusal(id, error);
    const other = await client.jobs.get(id).catch((gone: unknown) => refusal(id, gone));
    if ('is' in other) return other;
    if (other.set !== desired.set)
      return { is: 'refused', id, why: other.set === null ? 'it exists, and belongs to no set' : `it belongs to the set "${other.set}"` };
    // It was not in the list yet; or this very request made it, and its answer was lost.
    if (!before) return write(client, desired, id, other, dryRun);
    const after = await put({ dryRun: true });
    return after.rev === other.rev ? { is: 'update', id, before, after: told(other) } : refusal(id, error);
  }
}

/** Of a hundred thousand jobs no more is kept than is told. */
function told({ id, rev, nextRun, runFrequency, changes }: JobAnswer): After {
  return { id, rev, nextRun, runFrequency, changed: changes[0]?.changed ?? [] };
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

/** What the API refuses will not pass by itself, and is told of; what somebody else answers, or nobody, ends the loop. */
function refusal(id: string, error: unknown): Extract<Step, { is: 'refused' }> {
  const isOfJob =
    error instanceof CarillonError && error.code !== 'http' && error.status >= 400 && error.status < 500 && error.status !== 429;
  if (!isOfJob) throw error;
  return { is: 'refused', id, why: error.message };
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
