import { type JobId, parseJobId } from '../ids.ts';
import { scheduleName } from '../job/render.ts';
import type { Checkpoint, EngineRow, JobStore, ListedJob, Recheck, Walk } from '../ports.ts';
import { LONGEST_LEASE } from '../run/look-back.ts';
import { MAX_DELAY_SECONDS } from '../run/message.ts';
import { account, type Starts } from './account.ts';
import { compareJob, isOrphan, schedulesBeginning } from './compare.ts';
import { Pace, QUOTA } from './pace.ts';
import type { ReconcileRequest } from './reconcile.ts';
import type { ReconcilePorts, RunningTally } from './tally.ts';

/** The schedules of so many jobs are held in memory at a time: a few megabytes, listed in under a minute. */
const PART = 25_000;
/** Jobs read at a time; how far a walk has come is kept after each page. */
const PAGE = 500;
/** The characters of names, in their order. */
const ALPHABET = [...'-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];
/** EventBridge is asked what it has once an hour; what is due is accounted for in every walk. */
const COMPARE_EVERY = 3_600_000;

/** More jobs that were left open are not kept one by one: the checkpoint is written after each page. */
const MOST_OPEN = 100;

/** What a walk is made with. */
interface Walking {
  readonly ports: ReconcilePorts;
  readonly request: ReconcileRequest;
  readonly done: RunningTally;
  readonly starts: Starts;
  readonly lists: Pace;
  readonly changes: Pace;
  /** Whether the walk before left a job open. */
  wasOpen(id: JobId): boolean;
  save(walk: Walk): Promise<void>;
}

/** Goes on with the walk through all jobs, or begins one; keeps how far it has come after every page. */
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
  const leftOpen = checkpoint.open && new Set(checkpoint.open);
  const walking: Walking = {
    ports,
    request,
    done,
    starts: { sent: 0 },
    // A host of its own has no quotas.
    lists: new Pace(clock, request.restarted ? Infinity : QUOTA.lists),
    changes: new Pace(clock, request.restarted ? Infinity : QUOTA.changes),
    wasOpen: (id) => leftOpen?.has(id) ?? true,
    save: (walked) => save({ ...checkpoint, walk: walked }),
  };
  // Only where schedules are listed have they to fit into memory.
  const prefixes = walk.compares ? parts(jobs, walk.after) : walk.after === null ? [''] : [];
  for await (const prefix of prefixes) {
    const walked = await walkPart(walking, walk, prefix);
    if (walked === 'interrupted') return walked;
    walk = { ...walked, after: prefix, id: null };
    await walking.save(walk);
  }
  const { to, compares, failed, unlisted, open } = walk;
  await save({
    ...checkpoint,
    recheck: recheckAfter(walk, checkpoint.recheck, clock.now()),
    // What failed is accounted for again.
    accountedTo: failed === 0 ? to : walk.from,
    open,
    comparedAt: compares && !unlisted ? to : checkpoint.comparedAt,
    walk: null,
  });
  return 'done';
}

/** What was sent for has arrived by then, and its lease is over if it came to nothing. */
const SURE_AFTER = MAX_DELAY_SECONDS * 1_000 + LONGEST_LEASE;

/** What has to be looked at once more after a walk. */
function recheckAfter({ from, rechecks, sent }: Walk, before: Recheck | null, now: number): Recheck | null {
  if (sent > 0) return { from: Math.min(from, before?.from ?? from), firstAt: rechecks ? now : (before?.firstAt ?? now), lastAt: now };
  if (!before || !rechecks) return before;
  return now - before.lastAt >= SURE_AFTER ? null : { ...before, firstAt: before.lastAt };
}

function begun(
  { accountedTo, comparedAt, recheck }: Checkpoint,
  { restarted, compare, settledForMs }: ReconcileRequest,
  now: number,
): Walk {
  const compares = restarted || compare || comparedAt === null || now - comparedAt >= COMPARE_EVERY;
  // What a queue that is gone had been sent did not arrive.
  const rechecks = recheck !== null && (restarted || now - recheck.firstAt >= SURE_AFTER);
  const from = rechecks ? Math.min(accountedTo ?? 0, recheck.from) : (accountedTo ?? 0);
  const nothing = { listed: 0, deleted: 0, failed: 0, sent: 0, open: [], unlisted: false };
  return { from, to: now - settledForMs, compares, rechecks, after: null, id: null, ...nothing };
}

/**
 * The beginnings of names by which all schedules are listed in parts, in their order, from after one on. EventBridge lists by the
 * beginning of a name and in no order that it promises, so a part that would be too large is divided by the next character.
 */
export async function* parts(jobs: JobStore, after: string | null, prefix = ''): AsyncGenerator<string> {
  if (after !== null && (prefix === after || (prefix < after && !after.startsWith(prefix)))) return;
  const isDivided = after?.startsWith(prefix) || (await jobs.count(PART + 1, prefix)) > PART;
  if (isDivided) for (const character of ALPHABET) yield* parts(jobs, after, prefix + character);
  else yield prefix;
}

/** The jobs whose schedules' names, `<id>.<uid>`, begin so, in id order, from after one on, in pages. */
async function* jobsOf(jobs: JobStore, prefix: string, after: JobId | undefined): AsyncGenerator<readonly ListedJob[]> {
  if (after === undefined) yield await jobsNamedBeyond(jobs, prefix);
  for (let last = after, more = true; more; ) {
    const page = await jobs.list({ prefix, after: last, limit: PAGE });
    yield page.jobs;
    last = page.jobs.at(-1)?.id;
    more = page.more;
  }
}

/** The jobs whose ids end within the beginning of a name: of `acme.x` the job `acme`, if its uid begins with x. */
async function jobsNamedBeyond(jobs: JobStore, prefix: string): Promise<ListedJob[]> {
  const ids = [...prefix].flatMap((character, at) => (character === '.' ? (parseJobId(prefix.slice(0, at)) ?? []) : []));
  const found = await Promise.all(ids.map(async (id) => (await jobs.list({ prefix: id, limit: 1 })).jobs.filter((job) => job.id === id)));
  return found.flat().filter((job) => scheduleName(job).startsWith(prefix));
}

async function walkPart(walking: Walking, before: Walk, prefix: string): Promise<Walk | 'interrupted'> {
  const { ports, request, done } = walking;
  const failedBefore = done.failed;
  const sentBefore = walking.starts.sent;
  const failures = () => before.failed + done.failed - failedBefore;
  const schedules = before.compares ? await schedulesOf(walking, prefix) : undefined;
  const isUnlisted = before.compares && !schedules;
  let walk = { ...before, listed: before.listed + (schedules?.size ?? 0), unlisted: before.unlisted || isUnlisted };
  const goesOnAt = walk.id;
  // What was walked before an interruption is passed over; where schedules are compared it is read once more, to know them.
  const start = schedules || goesOnAt === null ? undefined : goesOnAt;
  for await (const page of jobsOf(ports.jobs, prefix, start)) {
    if (ports.clock.now() >= request.deadline) return 'interrupted';
    const named = page.map((job) => ({ job, schedule: take(schedules, scheduleName(job)) }));
    const rest = named.filter(({ job }) => goesOnAt === null || job.id > goesOnAt);
    if (rest.length === 0) continue;
    const left = new Set(rest.map(({ job }) => job.id));
    await done.each(rest, async ({ job, schedule }) => {
      if ((await walkJob(walking, walk, job, schedules && { schedule })) === 'over') left.delete(job.id);
    });
    const sent = before.sent + walking.starts.sent - sentBefore;
    walk = { ...walk, id: page.at(-1)?.id ?? null, failed: failures(), sent, open: withOpen(walk.open, left) };
    await walking.save({ ...walk, listed: before.listed });
  }
  for (const schedule of schedules?.values() ?? []) {
    // When a list could not be read, what looks like an orphan may be none.
    if (walk.unlisted || walk.deleted >= mostDeleted(walk.listed)) break;
    if (ports.clock.now() >= request.deadline) return 'interrupted';
    await walking.changes.turn();
    await done.each([schedule], async () => {
      if (!(await isOrphan(ports, schedule))) return;
      // Counted first: a delete whose answer is lost may have been carried out.
      walk = { ...walk, deleted: walk.deleted + 1 };
      await walking.save({ ...walk, listed: before.listed });
      if ((await ports.engine.remove(schedule.name)).is === 'done') done.removed += 1;
    });
  }
  return { ...walk, failed: failures() };
}

/** Null once there are too many. */
function withOpen(open: Walk['open'], more: ReadonlySet<JobId>): Walk['open'] {
  return open && open.length + more.size <= MOST_OPEN ? [...open, ...more] : null;
}

function take(schedules: Map<string, EngineRow> | undefined, name: string): EngineRow | undefined {
  const schedule = schedules?.get(name);
  schedules?.delete(name);
  return schedule;
}

/** Undefined when they cannot be listed: then nothing is compared, and nothing deleted. */
async function schedulesOf({ ports, lists, done }: Walking, prefix: string): Promise<Map<string, EngineRow> | undefined> {
  try {
    return await schedulesBeginning(ports.engine, prefix, lists);
  } catch {
    done.failed += 1;
    return undefined;
  }
}

async function walkJob(
  { ports, request, done, starts, changes, wasOpen }: Walking,
  walk: Walk,
  job: ListedJob,
  compared: { readonly schedule: EngineRow | undefined } | undefined,
): Promise<'over' | 'open'> {
  const isRepaired = compared !== undefined && (await compareJob(ports, job, compared.schedule, changes, request.restarted));
  if (isRepaired) done.repaired += 1;
  // What fell due while there was no schedule is nobody else's to find.
  const to = isRepaired || (compared && !compared.schedule) ? ports.clock.now() - request.settledForMs : walk.to;
  return account(ports, job, { from: walk.from, to, wasOpen: wasOpen(job.id) }, request, done, starts);
}

/** A walk that would delete more is taken for mistaken. */
function mostDeleted(listed: number): number {
  return Math.max(5, Math.floor(listed / 10));
}
