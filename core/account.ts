import { isoInstant } from './contract/instant.ts';
import type { RunId } from './ids.ts';
import { runIdOf } from './ids.ts';
import type { Job } from './job/job.ts';
import { effectivePolicies } from './job/policies.ts';
import { timingOf } from './job/timing.ts';
import type { ListedJob, ModuleCatalog, Queue, RunStore } from './ports.ts';
import { verdict } from './run/lateness.ts';
import type { Envelope } from './run/message.ts';
import { isFinished, type Stretch } from './run/run.ts';
import { nextOccurrence, occurrencesBetween } from './schedule/occurrences.ts';
import type { Instant } from './schedule/schedule.ts';

/** A span of time whose occurrences are accounted for: after `from`, up to `to`. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What an account found of a job: due times to be run now, and stretches that were missed. */
export interface Gaps {
  readonly toRun: readonly { readonly dueAt: Instant; readonly timing: number }[];
  readonly missed: readonly Stretch[];
}

/** A job of one a second is accounted for eleven days; what is older than that is not told one by one by anybody. */
const MOST_DUE = 1_000_000;
const PAGE = 100;

/** Whether a job had a due time in a span, as far as a row of the list tells. */
export function hadDue(job: ListedJob, { from, to }: Span): boolean {
  if (job.timingFrom > from && job.rev > 1) return true;
  return !job.paused && nextOccurrence(timingOf(job, job.timingFrom), Math.max(from, job.timingFrom), to) !== undefined;
}

/** Finds the due times of a span that have no record, and decides what becomes of each. */
export async function findGaps(
  { runs, catalog }: { runs: RunStore; catalog: Pick<ModuleCatalog, 'find'> },
  job: Job,
  span: Span,
  now: Instant,
): Promise<Gaps> {
  const due = dueIn(job, span);
  const [first] = due;
  if (first === undefined) return { toRun: [], missed: [] };
  const isAnswered = await answeredSince(runs, job, first.dueAt);
  const { catchUp } = effectivePolicies(job.policies, (await catalog.find(job.module))?.policies);
  const toRun: { dueAt: Instant; timing: number }[] = [];
  const missed: Stretch[] = [];
  let isOpen = false;
  for (const [index, { dueAt, timing }] of due.entries()) {
    const fate = isAnswered(dueAt) ? 'answered' : verdict(dueAt, due.length - 1 - index, catchUp, now);
    if (fate === 'run') toRun.push({ dueAt, timing });
    if (fate === 'missed') {
      const stretch = (isOpen ? missed.pop() : undefined) ?? { from: dueAt, to: dueAt, count: 0 };
      missed.push({ from: stretch.from, to: dueAt, count: stretch.count + 1 });
    }
    isOpen = fate === 'missed';
  }
  return { toRun, missed };
}

/** Records what was missed, and sends what is to be run. */
export async function closeGaps(
  { runs, queue }: { runs: RunStore; queue: Queue },
  job: Job,
  { toRun, missed }: Gaps,
  now: Instant,
  delaySeconds: number,
): Promise<void> {
  for (const stretch of missed) {
    const about = { jobId: job.id, jobUid: job.uid, module: job.module, trigger: 'schedule', endedAt: now } as const;
    await runs.record({ ...about, runId: runIdOf(stretch.to), dueAt: stretch.to, state: 'missed', missed: stretch });
  }
  const envelopes: Envelope[] = toRun.map(({ dueAt, timing }) => ({
    message: { kind: 'occurrence', jobId: job.id, jobUid: job.uid, timing, dueAt: isoInstant(dueAt) },
    delaySeconds,
  }));
  if (envelopes.length > 0) await queue.send(envelopes);
}

/** The due times of a span, each with the timing that governs it. */
function dueIn(job: Job, { from, to }: Span): { dueAt: Instant; timing: number }[] {
  const { previous } = job;
  const before = previous
    ? occurrencesBetween(timingOf(previous, previous.from), Math.max(from, previous.from), Math.min(to, previous.until), MOST_DUE)
    : [];
  const current = job.paused ? [] : occurrencesBetween(timingOf(job, job.timingFrom), Math.max(from, job.timingFrom), to, MOST_DUE);
  return [
    ...before.map((dueAt) => ({ dueAt, timing: previous?.timing ?? job.timing })),
    ...current.map((dueAt) => ({ dueAt, timing: job.timing })),
  ];
}

/** Reads the records of a job from a due time on, and tells which due times they answer. */
async function answeredSince(runs: RunStore, job: Job, from: Instant): Promise<(dueAt: Instant) => boolean> {
  const answered = new Set<Instant>();
  const stretches: Stretch[] = [];
  const oldest = runIdOf(from);
  for (let before: RunId | undefined, more = true; more; ) {
    const page = await runs.list(job.uid, { before, limit: PAGE });
    for (const run of page.runs) {
      if (run.trigger === 'schedule') answered.add(run.dueAt);
      if (!isFinished(run) && run.state === 'missed') stretches.push(run.missed);
    }
    before = page.runs.at(-1)?.runId;
    more = page.more && before !== undefined && before >= oldest;
  }
  return (dueAt) => answered.has(dueAt) || stretches.some((stretch) => stretch.from <= dueAt && dueAt <= stretch.to);
}
