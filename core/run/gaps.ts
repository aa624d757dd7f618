import { instantOf, type JobUid, type RunId, runIdOf } from '../ids.ts';
import { type Due, dueTimes } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import { type EffectivePolicies, milliseconds } from '../job/policies.ts';
import type { Queue, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { MOST_CAUGHT_UP, verdict } from './lateness.ts';
import { occurrenceMessage } from './message.ts';
import { keptUntil, missedBecause } from './reasons.ts';
import { occurrenceKey, type RunningRun, type Stretch } from './run.ts';
import { inTurn, type TurnPorts } from './turn.ts';

/** A span of time whose occurrences are accounted for: after `from`, up to `to`. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What an account found of a job: due times to be run now, stretches that were missed, and runs that are under way. */
export interface Gaps {
  readonly toRun: readonly Due[];
  readonly missed: readonly Stretch[];
  readonly running: readonly RunningRun[];
  readonly policies: EffectivePolicies;
}

/** So many due times are held at a time, however many there are. */
export const CHUNK = 10_000;
const PAGE = 100;

/** Whether each of these due times, in order, has its answer and no run from the first to the last is under way, by a read that may lag but costs half. */
export async function areAnswered(runs: RunStore, jobUid: JobUid, dueAts: readonly Instant[]): Promise<boolean> {
  const [first, last] = [dueAts[0], dueAts.at(-1)];
  if (first === undefined || last === undefined) return true;
  const records = await recordsSince(runs, jobUid, first, false, runIdOf(last + 1_000));
  return records.areOver && dueAts.every(records.answers);
}

/** Finds the due times of a span that have no record, and decides what becomes of each. */
async function findGaps(
  runs: RunStore,
  job: Job,
  span: Span & { readonly runningSince?: Instant },
  policies: EffectivePolicies,
  now: Instant,
): Promise<Gaps> {
  // Of what was due before, the records may be gone.
  const oldest = now - milliseconds(policies.keep);
  const from = Math.max(span.from, oldest);
  const [first] = dueTimes(job, Math.max(oldest, span.runningSince ?? from), span.to, 1);
  if (!first) return { toRun: [], missed: [], running: [], policies };
  // What was claimed a moment ago must be seen.
  const records = await recordsSince(runs, job.uid, first.dueAt, true);
  const { catchUp } = policies;
  const newest = newestDue(job, { from, to: now });
  const laterDue = (dueAt: Instant) => {
    const index = newest.indexOf(dueAt);
    return index < 0 ? MOST_CAUGHT_UP : newest.length - 1 - index;
  };
  const toRun: Due[] = [];
  const missed: Stretch[] = [];
  let open = false;
  for (const due of stream(job, { from, to: span.to })) {
    const { dueAt } = due;
    const isAfterAnother = records.passTo(dueAt);
    const fate = records.answers(dueAt) ? 'answered' : verdict(dueAt, laterDue(dueAt), catchUp, now);
    if (fate === 'run') toRun.push(due);
    if (fate === 'missed') {
      const last = open ? missed.at(-1) : undefined;
      // Whoever asks whether a due time was missed looks at the next record only: none may lie inside a stretch.
      if (last && !isAfterAnother) missed[missed.length - 1] = { ...last, to: dueAt, count: last.count + 1 };
      else missed.push({ from: dueAt, to: dueAt, count: 1 });
    }
    open = fate === 'missed';
  }
  return { toRun, missed, running: records.running, policies };
}

/**
 * Sees to it that every due time of a span has its answer: sends those that are still to be run, and records what was missed.
 *
 * `nextDelay` gives the seconds after which the next one is to start. Returns what it found, with the runs under way of what was due
 * since `runningSince`; rejects when an answer came in between, to be called again.
 */
export async function settleGaps(
  ports: TurnPorts & { readonly queue: Queue },
  job: Job,
  span: Span & { readonly runningSince?: Instant },
  policies: EffectivePolicies,
  nextDelay: () => number = () => 0,
): Promise<Gaps> {
  const now = ports.clock.now();
  const settle = async () => {
    const gaps = await findGaps(ports.runs, job, span, policies, now);
    await closeGaps(ports, job, gaps, now, nextDelay);
    return gaps;
  };
  const found = await findGaps(ports.runs, job, span, policies, now);
  if (found.missed.length > 0) return inTurn(ports, job.uid, settle);
  await closeGaps(ports, job, found, now, nextDelay);
  return found;
}

/** Records what was missed, and sends what is to be run. */
async function closeGaps(
  { runs, queue }: { runs: RunStore; queue: Queue },
  job: Job,
  { toRun, missed, policies }: Pick<Gaps, 'toRun' | 'missed' | 'policies'>,
  now: Instant,
  nextDelay: () => number,
): Promise<void> {
  for (const stretch of missed) {
    const key = occurrenceKey(job, stretch.to, keptUntil(stretch.to, policies));
    const why = { state: 'missed', missed: stretch, message: missedBecause(policies.catchUp) } as const;
    const recorded = await runs.record({ ...key, endedAt: now, attempts: [], ...why });
    if (recorded === 'exists') throw new Error(`the last due time of a stretch of ${job.id} was answered meanwhile`);
  }
  if (toRun.length === 0) return;
  await queue.send(
    toRun.map(({ dueAt, timing }) => ({ message: occurrenceMessage(job, timing, dueAt), module: job.module, delaySeconds: nextDelay() })),
  );
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
  readonly running: readonly RunningRun[];
  /** Whether none is under way: running, or waiting for an attempt. */
  readonly areOver: boolean;
  /** Whether a due time has its answer. */
  answers(dueAt: Instant): boolean;
  /** Whether there is a record between the due time asked for before and this one: of a request, or of a schedule changed by hand. */
  passTo(dueAt: Instant): boolean;
}

/** Reads the records of a job from a due time on, and before a run if one is named. */
async function recordsSince(runs: RunStore, jobUid: JobUid, from: Instant, consistent: boolean, upTo?: RunId): Promise<Records> {
  const answered = new Set<Instant>();
  const stretches: Stretch[] = [];
  const newestFirst: RunId[] = [];
  const running: RunningRun[] = [];
  let areOver = true;
  for (let before = upTo, more = true; more; ) {
    const page = await runs.list(jobUid, { from: runIdOf(from), before, limit: PAGE, consistent });
    for (const run of page.runs) {
      if (run.trigger === 'schedule') answered.add(instantOf(run.runId));
      newestFirst.push(run.runId);
      if (run.state === 'running') running.push(run);
      if (run.state === 'running' || run.state === 'waiting') areOver = false;
      if (run.state === 'missed') stretches.push(run.missed);
    }
    before = page.runs.at(-1)?.runId;
    more = page.more;
  }
  return {
    running,
    areOver,
    answers: (dueAt) => answered.has(dueAt) || stretches.some((stretch) => stretch.from <= dueAt && dueAt <= stretch.to),
    passTo(dueAt) {
      const runId = runIdOf(dueAt);
      const left = newestFirst.length;
      while ((newestFirst.at(-1) ?? runId) < runId) newestFirst.pop();
      const hasPassed = newestFirst.length < left;
      if (newestFirst.at(-1) === runId) newestFirst.pop();
      return hasPassed;
    },
  };
}
