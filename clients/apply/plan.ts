import type { JobAnswer, JobRowAnswer } from '../../core/contract/answers.ts';
import { CarillonError, type Client } from '../http/index.ts';

/** The jobs that there are to be, by their ids, and the set that says whose they are. */
export interface Desired {
  readonly set: string;
  readonly jobs: Readonly<Record<string, object>>;
}

/** What is to be done about one job. */
export type Step =
  | { readonly is: 'create'; readonly id: string; readonly after: JobAnswer }
  | { readonly is: 'update'; readonly id: string; readonly before: JobRowAnswer; readonly after: JobAnswer }
  | { readonly is: 'delete'; readonly id: string; readonly before: JobRowAnswer }
  | { readonly is: 'same'; readonly id: string }
  | { readonly is: 'refused'; readonly id: string; readonly why: string };

/** Requests under way at once. */
const WIDTH = 8;

/** Told of how far a long loop has come. */
export type Tell = (done: number, of: number) => void;

/** Compares what there is to be with what there is, and changes nothing; a job of another set, or of nobody, is left alone. */
export async function plan(client: Client, desired: Desired, tell: Tell = () => undefined): Promise<Step[]> {
  const { set, jobs } = desired;
  const own = new Map<string, JobRowAnswer>();
  for await (const job of client.jobs.list({ set })) own.set(job.id, job);
  const ids = Object.keys(jobs);
  const wanted = await each(ids, tell, async (id): Promise<Step> => {
    const before = own.get(id);
    const other = before ? undefined : await found(client, id);
    if (other)
      return { is: 'refused', id, why: other.set === null ? 'it exists, and belongs to no set' : `it belongs to the set "${other.set}"` };
    try {
      const after = await client.jobs.put(id, bodyOf(desired, id), { dryRun: true });
      if (!before) return { is: 'create', id, after };
      return after.rev === before.rev ? { is: 'same', id } : { is: 'update', id, before, after };
    } catch (error) {
      if (error instanceof CarillonError && error.status < 500) return { is: 'refused', id, why: error.message };
      throw error;
    }
  });
  const left = [...own.values()].filter((job) => !(job.id in jobs));
  return [...wanted, ...left.map((before) => ({ is: 'delete', id: before.id, before }) as const)];
}

/** The whole of a job; what is in it is for the API to say. */
function bodyOf({ set, jobs }: Desired, id: string) {
  return { module: id, ...jobs[id], id, set } as never;
}

async function found(client: Client, id: string): Promise<JobAnswer | undefined> {
  try {
    return await client.jobs.get(id);
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'unknownJob') return undefined;
    throw error;
  }
}

/** What came of a step: done, or why not. */
export interface Applied {
  readonly step: Step;
  readonly error?: CarillonError;
}

/**
 * Carries steps out, each only if its job is still as it was planned: whoever changed it meanwhile wins. What is interrupted is simply
 * planned and applied again.
 */
export function apply(client: Client, desired: Desired, steps: readonly Step[], tell: Tell = () => undefined): Promise<Applied[]> {
  return each(steps, tell, async (step): Promise<Applied> => {
    try {
      if (step.is === 'create') await client.jobs.create(bodyOf(desired, step.id));
      if (step.is === 'update') await client.jobs.put(step.id, bodyOf(desired, step.id), { ifRev: step.before.rev });
      if (step.is === 'delete') await client.jobs.delete(step.id, { ifRev: step.before.rev });
      return { step };
    } catch (error) {
      if (error instanceof CarillonError && error.code !== 'unreachable') return { step, error };
      throw error;
    }
  });
}

async function each<Item, Result>(items: readonly Item[], tell: Tell, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let [next, done] = [0, 0];
  const lane = async () => {
    for (let n = next++; n < items.length; n = next++) {
      results[n] = await work(items[n] as Item);
      tell(++done, items.length);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return results;
}
