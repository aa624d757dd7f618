import type { Policies } from './contract/policies.ts';
import type { DeclaredJob, ModuleDefinition } from './define-module.ts';
import type { JobId, JobUid, ModuleName, RunId } from './ids.ts';
import type { Intent, Job } from './job/job.ts';
import type { Envelope } from './run/message.ts';
import type { FinishedRun, Lease, Run, RunningRun, UnstartedRun, WaitingRun } from './run/run.ts';
import type { Instant } from './schedule/schedule.ts';
import type { ScheduleFields } from './schedule/spelling.ts';

/** The wall clock. */
export interface Clock {
  now(): Instant;
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness for ids. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Remembers jobs. Reads are strongly consistent, but for `list` and `count`. */
export interface JobStore {
  create(job: Job): Promise<'created' | 'exists'>;
  get(id: JobId): Promise<Job | undefined>;
  /** Stores a job in place of its revision `job.rev - 1`, if that has the intent that was read. */
  replace(job: Job, intent: Intent | null): Promise<'replaced' | 'stale'>;
  /** Records what came of the intent of that revision; a newer revision keeps its own. */
  settle(job: Pick<Job, 'id' | 'uid' | 'rev'>, rejection: string | null): Promise<void>;
  /** Sets intent and first tick of a job at an unchanged revision: its schedule has to be made again. */
  reopen(job: Pick<Job, 'id' | 'uid' | 'rev' | 'firstTick'>, now: Instant): Promise<'reopened' | 'stale'>;
  /** Removes the job if it is still at that revision. */
  remove(job: Pick<Job, 'id' | 'uid' | 'rev'>): Promise<void>;
  /** Jobs in id order, those being deleted left out. */
  list(page: {
    readonly after?: JobId | undefined;
    readonly limit: number;
  }): Promise<{ readonly jobs: readonly ListedJob[]; readonly more: boolean }>;
  /** How many jobs `list` would show, counted up to that many. */
  count(upTo: number): Promise<number>;
  /** Ids of jobs with an intent older than an instant, the oldest first. */
  pending(before: Instant, limit: number): Promise<readonly { readonly id: JobId; readonly intent: Intent }[]>;
}

/** What the list keeps of a job: enough for a row. */
export type ListedJob = Omit<Job, 'input' | 'intent' | 'timing' | 'previous' | 'firstTick' | 'policies'>;

/** Remembers runs. */
export interface RunStore {
  /** Claims an occurrence: stores its running run unless there is a run of that id. */
  claim(run: RunningRun): Promise<'claimed' | 'exists'>;
  /** Records an occurrence that is not run, unless there is a run of that id. */
  record(run: UnstartedRun): Promise<'recorded' | 'exists'>;
  /** Whether an occurrence lies in a stretch that was recorded as missed. */
  isMissed(jobUid: JobUid, dueAt: Instant): Promise<boolean>;
  /** Stores a run that waits for its start. */
  request(run: WaitingRun): Promise<void>;
  /** Takes back a run that still waits, since its job is gone. */
  withdraw(jobUid: JobUid, runId: RunId): Promise<void>;
  /** Turns a waiting run into a running one; 'gone' when it does not wait any more. */
  start(run: RunningRun): Promise<'started' | 'gone'>;
  /** Stores the end of a run if the lease is still the run's own. */
  finish(run: FinishedRun, lease: Lease): Promise<'finished' | 'fenced'>;
  get(jobUid: JobUid, runId: RunId): Promise<Run | undefined>;
  /** Headers of runs, the newest first. */
  list(
    jobUid: JobUid,
    page: { readonly before?: RunId | undefined; readonly limit: number },
  ): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }>;
  /** Runs that have waited since before an instant, the oldest first. */
  waiting(before: Instant, limit: number): Promise<readonly Pick<Run, 'jobId' | 'jobUid' | 'runId'>[]>;
  /** Up to when the occurrences of all jobs have been accounted for; undefined when they never were. */
  accountedTo(): Promise<Instant | undefined>;
  setAccountedTo(instant: Instant): Promise<void>;
}

/** A schedule as EventBridge Scheduler is to hold it; its ticks carry `payload` and their nominal instant. */
export interface EngineSchedule {
  readonly name: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly payload: { readonly jobId: JobId; readonly jobUid: JobUid; readonly timing: number };
  readonly deleteAfterCompletion: boolean;
}

/** What the engine said: done, try again later, or never in this form (with its reason). */
export type EngineOutcome =
  | { readonly is: 'done' }
  | { readonly is: 'retry'; readonly reason: string }
  | { readonly is: 'rejected'; readonly reason: string };

/** Keeps the time: EventBridge Scheduler. Both calls may be repeated. */
export interface Engine {
  put(schedule: EngineSchedule): Promise<EngineOutcome>;
  remove(name: string): Promise<EngineOutcome>;
  has(name: string): Promise<boolean>;
}

/** The delay queue in front of the runner. */
export interface Queue {
  send(envelopes: readonly Envelope[]): Promise<void>;
}

/** What is known of a module without loading its code. */
export interface ModuleManifest {
  readonly name: ModuleName;
  readonly description: string;
  /** JSON Schema of the input, unknown members refused; null = takes no input. */
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly policies: Policies;
  /** What its `.schedule` file says; null = it has none. */
  readonly schedule: DefaultSchedule | null;
  /** Jobs that must exist after every start and deploy, by their ids. */
  readonly jobs: Readonly<Record<string, DeclaredJob>>;
}

/** The schedule that a module brings along; `start` and `end` are ISO instants. */
export interface DefaultSchedule {
  readonly title: string | null;
  readonly schedule: ScheduleFields;
  readonly timezone: string;
  readonly start: string | null;
  readonly end: string | null;
}

/** The modules that were built together with the handlers. */
export interface ModuleCatalog {
  names(): Promise<readonly ModuleName[]>;
  find(name: ModuleName): Promise<ModuleManifest | undefined>;
}

/** Loads the code of a module. */
export interface ModuleLoader {
  load(name: ModuleName): Promise<ModuleDefinition | undefined>;
}
