import { sameJson } from '../../core/contract/json.ts';
import type { Job } from '../../core/job/job.ts';
import { render, scheduleName } from '../../core/job/render.ts';
import { timingOf } from '../../core/job/timing.ts';
import { LIMITS, type Run } from '../../core/run/run.ts';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { dumbCalendar } from './dumb-calendar.ts';
import type { Ledger } from './ledger.ts';
import { CANARY } from './modules.ts';
import type { SimulatedStage } from './stage.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What is due in the last minutes may be under way. */
const UNDER_WAY = 6 * MINUTE;
/** Schedules of jobs that are over stay for two hours, since ticks may still be on their way, and go with the next hour's walk. */
const OVER_FOR = 190 * MINUTE;
/** A job that is changed more often within an hour may owe an answer (docs/guarantees.md). */
const MOST_EDITS = 8;

/** Holds what there is after the faults and one pass against L1 to L5, and against S2, S9 and S10. */
export async function checkAfterwards(stage: SimulatedStage, ledger: Ledger, skew: number): Promise<void> {
  await checkSchedules(stage, ledger);
  const now = stage.clock.now();
  for (const [uid, versions] of ledger.versions) {
    const last = versions.at(-1) as Job;
    const isThere = ledger.current.get(last.id)?.uid === uid && last.intent !== 'delete';
    const runs = (await stage.services.runs.list(uid, { limit: 100_000 })).runs;
    for (const run of runs) if (!isAsWritten(ledger, run)) ledger.violate('S4', `${run.jobId} ${run.runId} is not as it was written`);
    for (const run of runs) checkRun(ledger, run, isThere, now);
    checkAnswers(ledger, versions, runs, isThere, now, skew);
  }
}

/** Due by the minute, EventBridge takes its minute; due by the second, the queue does not. */
const PUNCTUAL = { minute: MINUTE, second: 5 * SECOND };

/** Where nothing failed and nobody meddled, nothing is late and nothing missed. */
export async function checkPunctuality(stage: SimulatedStage, ledger: Ledger): Promise<void> {
  for (const [uid, versions] of ledger.versions) {
    const isBySecond = versions.every(({ schedule }) => String(schedule).includes('second'));
    for (const run of (await stage.services.runs.list(uid, { limit: 100_000 })).runs) {
      if (run.trigger !== 'schedule') continue;
      const what = `${run.jobId} ${run.runId}`;
      if (run.state === 'missed') ledger.violate('L2', `${what} was missed though nothing failed`);
      const startedAt = run.attempts[0]?.startedAt ?? ('startedAt' in run ? run.startedAt : run.dueAt);
      const most = isBySecond ? PUNCTUAL.second : PUNCTUAL.minute;
      if (startedAt - run.dueAt > most) ledger.violate('L2', `${what} started ${startedAt - run.dueAt} ms late though nothing failed`);
    }
  }
}

/** Whether the table has a run as its last write left it. */
function isAsWritten(ledger: Ledger, run: Run): boolean {
  const written = ledger.runs.get(`${run.jobUid} ${run.runId}`);
  return run.state === 'running' ? written?.state === 'running' : sameJson(written, run);
}

/** L1 and L5: jobs and schedules correspond. */
async function checkSchedules({ services, clock }: SimulatedStage, ledger: Ledger): Promise<void> {
  const { jobs, engine } = services;
  const now = clock.now();
  const expected = new Set<string>();
  for (const { id } of (await jobs.list({ limit: 1_000 })).jobs) {
    const job = await jobs.get(id);
    if (!job) continue;
    const wanted = render(job);
    const isOver = !job.paused && nextOccurrence(timingOf(job), now) === undefined;
    if (job.intent !== null) ledger.violate('L1', `${id} has an intent left: ${job.intent}`);
    if (isOver ? !isLongOver(job, now) : wanted) expected.add(scheduleName(job));
    const found = wanted && !isOver ? await engine.compare(wanted) : 'same';
    if (found !== 'same') ledger.violate('L1', `the schedule of ${id} ${found}`);
  }
  let token: string | undefined;
  do {
    const page = await engine.list('', token);
    for (const { name } of page.schedules)
      if (!expected.has(name)) ledger.violate('L1', `the schedule ${name} has no job, or is left over`);
    token = page.next;
  } while (token !== undefined);
}

function isLongOver(job: Job, now: Instant): boolean {
  return now - Math.max(job.end ?? 0, job.timingFrom, Date.parse(`${/^at\((.*)\)$/.exec(String(job.schedule))?.[1]}Z`) || 0) > OVER_FOR;
}

/** L3, L4, S9 and S10. */
function checkRun(ledger: Ledger, run: Run, isThere: boolean, now: Instant): void {
  const what = `${run.jobId} ${run.runId}`;
  // The runs of a job that is gone are shown to nobody.
  if (isThere && run.state === 'running' && run.lease.expiresAt < now) ledger.violate('L3', `${what} is running`);
  if (isThere && run.state === 'waiting' && run.until < now - 10 * MINUTE) ledger.violate('L4', `${what} is waiting (${run.reason})`);
  const { input: _, ...shown } = run;
  const text = JSON.stringify(shown);
  if (text.includes(CANARY)) ledger.violate('S9', `${what} tells a secret`);
  if (text.length > LIMITS.outputBytes + LIMITS.logTailBytes + 2 * LIMITS.errorPartLength + 4_096) {
    ledger.violate('S10', `${what} has ${text.length} characters`);
  }
}

/** L2 and S2: every due time has exactly one answer, and nothing else has one. */
function checkAnswers(ledger: Ledger, versions: readonly Job[], runs: readonly Run[], isThere: boolean, now: Instant, skew: number): void {
  const { id } = versions[0] as Job;
  const changes = versions.filter((job, n) => job.timing !== versions[n - 1]?.timing).map(({ timingFrom }) => timingFrom);
  if (changes.some((at, n) => n >= MOST_EDITS && at - (changes[n - MOST_EDITS] ?? 0) < 60 * MINUTE)) return;
  if (versions.some(({ rev }, n) => rev !== (versions[n - 1]?.rev ?? 0) + 1)) return;
  const due = new Set(versions.flatMap((job, n) => dueTimes(job, endOf(versions[n + 1]) ?? now - UNDER_WAY)));
  // A change counts from its request on; until it is stored, and by a clock that is off, a job is seen as it was before.
  const off = 2 * skew + SECOND;
  const isNearChange = (at: Instant) =>
    versions.some((job) => at >= Math.min(job.timingFrom, job.updatedAt) - off && at <= (ledger.storedAt.get(job) ?? 0) + off);
  const answers = new Map<Instant, number>();
  const answer = (at: Instant) => answers.set(at, (answers.get(at) ?? 0) + 1);
  for (const run of runs) {
    if (run.trigger !== 'schedule') continue;
    if (run.state === 'missed') {
      for (const at of due) if (at >= run.missed.from && at <= run.missed.to) answer(at);
      continue;
    }
    answer(run.dueAt);
    // An at that fell into a pause has its record, though nothing was due.
    const isPausedAt = run.state === 'skipped' && run.reason === 'paused';
    if (
      !isPausedAt &&
      !due.has(run.dueAt) &&
      !ledger.changedByHand.has(run.jobUid) &&
      run.dueAt < now - UNDER_WAY &&
      !isNearChange(run.dueAt)
    ) {
      ledger.violate('S2', `${id} ${run.runId} (${run.state}) was not due`);
    }
  }
  if (!isThere) return;
  for (const at of due) {
    const count = answers.get(at) ?? 0;
    if (count > 1 || (count === 0 && !isNearChange(at))) ledger.violate('L2', `${id} ${new Date(at).toISOString()} has ${count} answers`);
  }
}

/** Until when a version governs, given the one after it. */
function endOf(next: Job | undefined): Instant | undefined {
  return next && (next.intent === 'delete' ? next.updatedAt : next.timingFrom);
}

/** The due times that a version of a job governs, second by second. */
function dueTimes(job: Job, until: Instant): Instant[] {
  if (job.paused || job.intent === 'delete') return [];
  const isDue = dumbCalendar(String(job.schedule), job.anchor);
  const found: Instant[] = [];
  const from = Math.max(job.timingFrom, (job.start ?? 0) - 1);
  const to = Math.min(until, job.end ?? Number.POSITIVE_INFINITY);
  for (let at = Math.floor(from / SECOND + 1) * SECOND; at <= to; at += SECOND) if (isDue(at)) found.push(at);
  return found;
}
