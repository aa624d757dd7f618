import type { RunId } from './ids.ts';
import { runIdOf } from './ids.ts';
import { type Due, dueTimes } from './job/due-times.ts';
import type { Job } from './job/job.ts';
import { effectivePolicies } from './job/policies.ts';
import { timingOf } from './job/timing.ts';
import type { ListedJob, ModuleCatalog, Queue, RunStore } from './ports.ts';
import { MOST_CAUGHT_UP, verdict } from './run/lateness.ts';
import { occurrenceMessage } from './run/message.ts';
import { type Stretch, unstarted } from './run/run.ts';
import { nextOccurrence } from './schedule/occurrences.ts';
import type { Instant } from './schedule/schedule.ts';
import { zoneNamed } from './schedule/zone.ts';

/** A span of time whose occurrences are accounted for: after `from`, up to `to`. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What an account found of a job: due times to be run now, and stretches that were missed. */
export interface Gaps {
  readonly toRun: readonly Due[];
  readonly missed: readonly Stretch[];
}

/** So many due times are held at a time, however many there are. */
const CHUNK = 10_000;
const PAGE = 100;

/** Whether a job may have had a due time in a span, as far as a row of the list tells. */
export function hadDue(job: ListedJob, { from, to }: Span): boolean {
  // Its runs are those of another machine's tz data; here nobody can say when it was due.
  if (!zoneNamed(job.timezone)) return false;
  if (job.timingFrom > from && job.rev > 1) return true;
  return !job.paused && nextOccurrence(timingOf(job), Math.max(from, job.timingFrom), to) !== undefined;
}

/** Finds the due times of a span that have no record, and decides what becomes of each. */
export async function findGaps(
  { runs, catalog }: { runs: RunStore; catalog: Pick<ModuleCatalog, 'find'> },
  job: Job,
  span: Span,
  now: Instant,
): Promise<Gaps> {
  const [first] = dueTimes(job, span.from, span.to, 1);
  if (!first) return { toRun: [], missed: [] };
  const records = await recordsSince(runs, job, first.dueAt);
  const { catchUp } = effectivePolicies(job.policies, (await catalog.find(job.module))?.policies);
  const newest = newestDue(job, { from: span.from, to: now });
  const laterDue = (dueAt: Instant) => {
    const index = newest.indexOf(dueAt);
    return index < 0 ? MOST_CAUGHT_UP : newest.length - 1 - index;
  };
  const toRun: Due[] = [];
  const missed: Stretch[] = [];
  let open = false;
  for (const due of stream(job, span)) {
    const { dueAt } = due;
    const fate = records.answers(dueAt) ? 'answered' : verdict(dueAt, laterDue(dueAt), catchUp, now);
    if (fate === 'run') toRun.push(due);
    if (fate === 'missed') {
      const last = open ? missed.at(-1) : undefined;
      // Whoever asks whether a due time was missed looks at the next record only: none may lie inside a stretch.
      if (last && !records.hasBetween(last.to, dueAt)) missed[missed.length - 1] = { ...last, to: dueAt, count: last.count + 1 };
      else missed.push({ from: dueAt, to: dueAt, count: 1 });
    }
    open = fate === 'missed';
  }
  return { toRun, missed };
}

/** Records what was missed, and sends what is to be run; rejects when an answer came in between, to be called again. */
export async function closeGaps(
  { runs, queue }: { runs: RunStore; queue: Queue },
  job: Job,
  { toRun, missed }: Gaps,
  now: Instant,
  delaySeconds: number,
): Promise<void> {
  for (const stretch of missed) {
    const recorded = await runs.record({ ...unstarted(job, stretch.to, now), state: 'missed', missed: stretch });
    if (recorded === 'exists') throw new Error(`the last due time of a stretch of ${job.id} was answered meanwhile`);
  }
  if (toRun.length === 0) return;
  await queue.send(toRun.map(({ dueAt, timing }) => ({ message: occurrenceMessage(job, timing, dueAt), delaySeconds })));
}

/** The due times of a span, in order, a chunk in memory at a time. */
function* stream(job: Job, { from, to }: Span): Generator<Due> {
  for (let after = from; ; ) {
    const chunk = dueTimes(job, after, to, CHUNK);
    yield* chunk;
    const last = chunk.at(-1);
    if (chunk.length < CHUNK || !last) return;
    after = last.dueAt;
  }
}

/** The last due times of a span, as many as may be caught up with. */
function newestDue(job: Job, span: Span): Instant[] {
  let newest: Instant[] = [];
  for (const { dueAt } of stream(job, span)) {
    newest.push(dueAt);
    if (newest.length >= 2 * MOST_CAUGHT_UP) newest = newest.slice(-MOST_CAUGHT_UP);
  }
  return newest.slice(-MOST_CAUGHT_UP);
}

interface Records {
  /** Whether a due time has its answer. */
  answers(dueAt: Instant): boolean;
  /** Whether there is a record between two due times, of whatever trigger. */
  hasBetween(from: Instant, to: Instant): boolean;
}

/** Reads the records of a job from a due time on. */
async function recordsSince(runs: RunStore, job: Job, from: Instant): Promise<Records> {
  const answered = new Set<Instant>();
  const stretches: Stretch[] = [];
  const requested: RunId[] = [];
  const oldest = runIdOf(from);
  for (let before: RunId | undefined, more = true; more; ) {
    const page = await runs.list(job.uid, { before, limit: PAGE });
    for (const run of page.runs) {
      if (run.trigger === 'schedule') answered.add(run.dueAt);
      else requested.push(run.runId);
      if (run.state === 'missed') stretches.push(run.missed);
    }
    before = page.runs.at(-1)?.runId;
    more = page.more && before !== undefined && before >= oldest;
  }
  return {
    answers: (dueAt) => answered.has(dueAt) || stretches.some((stretch) => stretch.from <= dueAt && dueAt <= stretch.to),
    hasBetween: (after, upTo) => requested.some((runId) => runId > runIdOf(after) && runId < runIdOf(upTo)),
  };
}
