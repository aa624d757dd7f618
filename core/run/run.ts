import { type JobId, type JobUid, type ModuleName, type RunId, runIdOf } from '../ids.ts';
import type { Instant } from '../schedule/schedule.ts';

export type Trigger = 'schedule' | 'manual';

interface RunKey {
  readonly jobId: JobId;
  readonly jobUid: JobUid;
  readonly runId: RunId;
  readonly module: ModuleName;
  readonly trigger: Trigger;
  /** The occurrence; for a manual run the instant of the request. */
  readonly dueAt: Instant;
  /** The request's own input; undefined = the job's. */
  readonly input?: unknown;
}

/** Asked for and not yet started. */
export interface WaitingRun extends RunKey {
  readonly state: 'waiting';
  readonly reason: 'manual';
}

/** Who may write the run: every later write names owner and fence. */
export interface Lease {
  readonly owner: string;
  readonly fence: number;
  readonly expiresAt: Instant;
}

export interface RunningRun extends RunKey {
  readonly state: 'running';
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly late: boolean;
  readonly lease: Lease;
}

interface Ended {
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly late: boolean;
  readonly record: RunRecord;
}

/** Terminal: never changes any more. */
export type FinishedRun = RunKey & Ended & Outcome;

/** How an attempt ended. */
export type Outcome =
  | { readonly state: 'succeeded'; readonly output: unknown }
  | { readonly state: 'failed'; readonly reason: 'error' | 'gaveUp' | 'invalidInput' | 'unknownModule'; readonly error: RunError }
  | { readonly state: 'timedOut'; readonly error: RunError }
  | { readonly state: 'skipped'; readonly reason: 'byModule'; readonly message: string };

/** An occurrence that was not run, and why; a stretch of missed ones is one record, kept under its last. */
export type UnstartedRun = RunKey & { readonly endedAt: Instant } & (
    | { readonly state: 'skipped'; readonly reason: 'paused' }
    | { readonly state: 'missed'; readonly missed: Stretch }
  );

/** The members of the record of an occurrence that is not run. */
export function unstarted(
  job: { id: JobId; uid: JobUid; module: ModuleName },
  dueAt: Instant,
  now: Instant,
): RunKey & { endedAt: Instant } {
  return { jobId: job.id, jobUid: job.uid, runId: runIdOf(dueAt), module: job.module, trigger: 'schedule', dueAt, endedAt: now };
}

/** Consecutive due times, both ends included. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
}

export type Run = WaitingRun | RunningRun | FinishedRun | UnstartedRun;
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
  return 'record' in run;
}
