import { parseJobId } from '../ids.ts';
import { scheduleName } from '../job/render.ts';
import type { Checkpoint, JobStore, ListedJob, Walk } from '../ports.ts';
import { account, type Starts } from './account.ts';
import { compareJob, removeOrphan, schedulesBeginning } from './compare.ts';
import { Pace, QUOTA } from './pace.ts';
import type { ReconcileRequest } from './reconcile.ts';
import type { ReconcilePorts, RunningTally } from './tally.ts';

/** Jobs and their schedules are held in memory and checkpointed in parts of at most so many jobs. */
const PART = 5_000;
const PAGE = 500;
/** The characters of names, in their order. */
const ALPHABET = [...'-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];
/** EventBridge is asked what it has once an hour; what is due is accounted for in every walk. */
const COMPARE_EVERY = 3_600_000;

/** Goes on with the walk through all jobs, or begins one; keeps how far it has come after every part. */
export async function goOnWalking(
  ports: ReconcilePorts,
  request: ReconcileRequest,
  checkpoint: Checkpoint,
  done: RunningTally,
  save: (checkpoint: Checkpoint) => Promise<void>,
): Promise<'done' | 'interrupted'> {
  const { clock, jobs } = ports;
  // A host that starts anew has lost what a walk of before had repaired.
  const goesOn = request.restarted || request.compare ? null : checkpoint.walk;
  let walk = goesOn ?? begun(checkpoint, request, clock.now());
  const paced: Paced = {
    starts: { sent: 0 },
    // A host of its own has no quotas, and nothing fires before it is done.
    lists: new Pace(clock, request.restarted ? Infinity : QUOTA.lists),
    changes: new Pace(clock, request.restarted ? Infinity : QUOTA.changes),
  };
  for await (const part of parts(jobs, walk.after)) {
    if (clock.now() >= request.deadline) return 'interrupted';
    walk = { ...(await walkPart(ports, request, walk, part, done, paced)), after: part.prefix };
    await save({ ...checkpoint, walk });
  }
  const { to, compares, failed } = walk;
  await save({
    ...checkpoint,
    // What failed is accounted for again.
    accountedTo: failed === 0 ? to : walk.from,
    comparedAt: compares && failed === 0 ? to : checkpoint.comparedAt,
    walk: null,
  });
  return 'done';
}

function begun({ accountedTo, comparedAt }: Checkpoint, { restarted, compare, settledForMs }: ReconcileRequest, now: number): Walk {
  const compares = restarted || compare || comparedAt === null || now - comparedAt >= COMPARE_EVERY;
  return { from: accountedTo ?? 0, to: now - settledForMs, compares, after: null, listed: 0, deleted: 0, failed: 0 };
}

/** What a walk may do how fast. */
interface Paced {
  readonly starts: Starts;
  readonly lists: Pace;
  readonly changes: Pace;
}

/** The jobs whose schedules have names that begin alike. */
interface Part {
  readonly prefix: string;
  readonly jobs: readonly ListedJob[];
}

/**
 * All jobs in parts, in the order of their prefixes, from after one on. EventBridge lists schedules by the beginning of their
 * names and in no order that it promises, so a part that would be too large is divided by the next character.
 */
export async function* parts(jobs: JobStore, after: string | null, prefix = ''): AsyncGenerator<Part> {
  if (after !== null && (prefix === after || (prefix < after && !after.startsWith(prefix)))) return;
  const wasDivided = after?.startsWith(prefix) === true;
  const found = wasDivided ? undefined : await jobsOf(jobs, prefix);
  if (found) yield { prefix, jobs: found };
  else for (const character of ALPHABET) yield* parts(jobs, after, prefix + character);
}

/** The jobs whose schedules' names, `<id>.<uid>`, begin so; undefined when they are too many. */
async function jobsOf(jobs: JobStore, prefix: string): Promise<ListedJob[] | undefined> {
  const found: ListedJob[] = [];
  const exact = prefix.endsWith('.') ? parseJobId(prefix.slice(0, -1)) : undefined;
  if (exact) found.push(...(await jobs.list({ prefix: exact, limit: 1 })).jobs.filter(({ id }) => id === exact));
  for (let more = true; more; ) {
    const last = found.at(-1)?.id;
    const page = await jobs.list({ prefix, after: last === exact ? undefined : last, limit: PAGE });
    found.push(...page.jobs);
    more = page.more;
    if (found.length > PART) return undefined;
  }
  return found;
}

async function walkPart(
  ports: ReconcilePorts,
  request: ReconcileRequest,
  walk: Walk,
  { prefix, jobs }: Part,
  done: RunningTally,
  paced: Paced,
): Promise<Walk> {
  const failedBefore = done.failed;
  const schedules = walk.compares
    ? await schedulesBeginning(ports.engine, prefix, paced.lists).catch(() => {
        done.failed += 1;
        return undefined;
      })
    : undefined;
  const listed = walk.listed + (schedules?.size ?? 0);
  await done.each(jobs, async (job) => {
    const name = scheduleName(job);
    const schedule = schedules?.get(name);
    const isRepaired = schedules !== undefined && (await compareJob(ports, job, schedule, paced.changes));
    schedules?.delete(name);
    if (isRepaired) done.repaired += 1;
    // What fell due while there was no schedule is nobody else's to find.
    const to = isRepaired || (schedules && !schedule) ? ports.clock.now() - request.settledForMs : walk.to;
    await account(ports, job, { from: walk.from, to }, request, done, paced.starts);
  });
  const failures = () => walk.failed + done.failed - failedBefore;
  let { deleted } = walk;
  for (const schedule of schedules?.values() ?? []) {
    // When something could not be read, what looks like an orphan may be none.
    if (failures() > 0 || deleted >= mostDeleted(listed)) break;
    await paced.changes.turn();
    await done.each([schedule], async () => {
      if (await removeOrphan(ports, schedule)) deleted += 1;
    });
  }
  done.removed += deleted - walk.deleted;
  return { ...walk, listed, deleted, failed: failures() };
}

/** A walk that would delete more is taken for mistaken. */
function mostDeleted(listed: number): number {
  return Math.max(5, Math.floor(listed / 10));
}
