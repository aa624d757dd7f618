import { type JobId, type JobUid, type ModuleName, type RunId, runIdOf } from '../ids.ts';
import type { Instant } from '../schedule/schedule.ts';

export const TRIGGERS = ['schedule', 'manual', 'retry', 'backfill'] as const;
export type Trigger = (typeof TRIGGERS)[number];

interface RunKey {
  readonly jobId: JobId;
  readonly jobUid: JobUid;
  readonly runId: RunId;
  readonly module: ModuleName;
  readonly trigger: Trigger;
  /** The occurrence; for a manual run the instant of the request, for the retry of a finished run the due time of that one, for a backfill a past one. */
  readonly dueAt: Instant;
  /** The request's own input; undefined = the job's. */
  readonly input?: unknown;
  /** The finished run that this one does again. */
  readonly retryOf?: RunId;
  /** From when on the record may be deleted: policy `keep`. */
  readonly keptUntil: Instant;
}

/** What a run carries from one attempt to the next. */
interface Progressing {
  /** How many executions were begun. */
  readonly attempt: number;
  /** Those before the latest, the oldest first. */
  readonly attempts: readonly Attempt[];
  /** Rises with every start: a write of an earlier one is refused. */
  readonly fence: number;
  /** Whether the run holds its job's lock (overlap `skip`), which it keeps while it waits for a retry. */
  readonly locked: boolean;
  /** Whether it could not be started in its minute. */
  readonly late: boolean;
}

/** An execution that did not bring the run to its end. */
export interface Attempt {
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly state: 'failed' | 'timedOut';
  readonly error: Pick<RunError, 'name' | 'message'>;
}

/** Asked for, or to be tried again, and not yet started. */
export interface WaitingRun extends RunKey, Progressing {
  readonly state: 'waiting';
  /** `overlap`: it is to be caught up with, and the run before it is still under way. */
  readonly reason: 'manual' | 'retry' | 'overlap';
  /** When it is to start. */
  readonly until: Instant;
}

/** Who may write the run: every later write names owner and fence. */
export interface Lease {
  readonly owner: string;
  readonly fence: number;
  readonly expiresAt: Instant;
}

export interface RunningRun extends RunKey, Omit<Progressing, 'fence'> {
  readonly state: 'running';
  /** When it was to start, if it was sent for and not claimed. */
  readonly until?: Instant;
  readonly startedAt: Instant;
  readonly lease: Lease;
  /** When someone asked that it be cancelled. */
  readonly cancelledAt: Instant | null;
  /** What it has said so far; only of runs that take longer. */
  readonly record: RunRecord | null;
}

interface Ended {
  readonly attempt: number;
  readonly attempts: readonly Attempt[];
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly late: boolean;
  readonly record: RunRecord;
}

/** Terminal: never changes any more. */
export type FinishedRun = RunKey & Ended & Outcome;

/** How an execution ended, if nothing more is to come. */
export type Outcome =
  | { readonly state: 'succeeded'; readonly output: unknown }
  | { readonly state: 'failed'; readonly reason: FailureReason; readonly error: RunError }
  | { readonly state: 'timedOut'; readonly error: RunError }
  | { readonly state: 'cancelled'; readonly message: string }
  | { readonly state: 'skipped'; readonly reason: 'byModule'; readonly message: string };

export type FailureReason = 'error' | 'gaveUp' | 'invalidInput' | 'unknownModule' | 'crashed';

/** Terminal, without an execution that ended it; a stretch of missed due times is one record, kept under its last. */
export type UnstartedRun = RunKey & { readonly endedAt: Instant; readonly attempts: readonly Attempt[] } & Unstarted;

/** Why a run was not started; `message` says it in a sentence. */
export type Unstarted =
  | { readonly state: 'skipped'; readonly reason: 'overlap' | 'paused' | 'held'; readonly message: string }
  | { readonly state: 'cancelled'; readonly message: string }
  | { readonly state: 'failed'; readonly reason: 'crashed'; readonly error: RunError; readonly message: string }
  | { readonly state: 'missed'; readonly missed: Stretch; readonly message: string };

/** Consecutive due times, both ends included. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
}

export type EndedRun = FinishedRun | UnstartedRun;
export type Run = WaitingRun | RunningRun | EndedRun;
export type RunState = Run['state'];
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What an attempt leaves behind beside its outcome. */
export interface RunRecord {
  readonly progress: Progress | null;
  /** The last lines, within LIMITS.logTailBytes. */
  readonly log: readonly LogLine[];
  /** How many lines came before them. */
  readonly logDropped: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly message: string | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly at: Instant;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Nothing that a module hands over is kept beyond these sizes: bytes of JSON, characters of an error's message and stack. */
export const LIMITS = { outputBytes: 16_384, logTailBytes: 16_384, logLineBytes: 4_096, errorPartLength: 4_000 };

/** Whether the run was started and has ended. */
export function isFinished(run: Run): run is FinishedRun {
  return run.state !== 'running' && 'record' in run;
}

/** Whether nothing more comes of the run. */
export function isEnded(run: Run): run is EndedRun {
  return run.state !== 'running' && run.state !== 'waiting';
}

/** The members that say which run it is, whatever its state. */
export function keyOf({ jobId, jobUid, runId, module, trigger, dueAt, input, retryOf, keptUntil }: RunKey): RunKey {
  return {
    jobId,
    jobUid,
    runId,
    module,
    trigger,
    dueAt,
    ...(input !== undefined && { input }),
    ...(retryOf !== undefined && { retryOf }),
    keptUntil,
  };
}

/** What becomes of a waiting run that is not started any more. */
export function unstartedFrom(run: WaitingRun, why: Unstarted, now: Instant): UnstartedRun {
  return { ...keyOf(run), attempts: run.attempts, endedAt: now, ...why };
}

/** The key of the run of an occurrence. */
export function occurrenceKey(job: { id: JobId; uid: JobUid; module: ModuleName }, dueAt: Instant, keptUntil: Instant): RunKey {
  return { jobId: job.id, jobUid: job.uid, runId: runIdOf(dueAt), module: job.module, trigger: 'schedule', dueAt, keptUntil };
}
