import type { Policies } from './contract/policies.ts';
import type { DeclaredJob, ModuleDefinition } from './define-module.ts';
import type { JobId, JobUid, ModuleName, RunId } from './ids.ts';
import type { Intent, Job } from './job/job.ts';
import type { Envelope } from './run/message.ts';
import type { EndedRun, Lease, Run, RunningRun, RunRecord, UnstartedRun, WaitingRun } from './run/run.ts';
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
  /** Notes that the schedule of a job at that revision was found right, as it was changed last. */
  noteMade(job: Pick<Job, 'id' | 'uid' | 'rev'>, at: Instant): Promise<void>;
  /** Removes the job if it is still at that revision. */
  remove(job: Pick<Job, 'id' | 'uid' | 'rev'>): Promise<void>;
  /** Jobs in id order, those being deleted left out; only those whose ids begin with a prefix. */
  list(page: {
    readonly prefix?: string | undefined;
    readonly after?: JobId | undefined;
    readonly limit: number;
  }): Promise<{ readonly jobs: readonly ListedJob[]; readonly more: boolean }>;
  /** How many jobs `list` would show, counted up to that many; only those whose ids begin with a prefix. */
  count(upTo: number, prefix?: string): Promise<number>;
  /** Ids of jobs with an intent older than an instant, the oldest first. */
  pending(before: Instant, limit: number): Promise<readonly { readonly id: JobId; readonly intent: Intent }[]>;
}

/** What the list keeps of a job: enough for a row. */
export type ListedJob = Omit<Job, 'input' | 'intent' | 'timing' | 'previous' | 'firstTick' | 'policies' | 'changes'>;

/** Remembers runs. A write answers what came of its condition; our own answer, lost and asked for again, counts as done. */
export interface RunStore {
  /** Claims an occurrence: stores its running run unless there is a run of that id. */
  claim(run: RunningRun): Promise<'claimed' | 'exists'>;
  /** Records an occurrence that is not run, unless there is a run of that id. */
  record(run: UnstartedRun): Promise<'recorded' | 'exists'>;
  /** Stores a run that waits for its start. */
  request(run: WaitingRun): Promise<void>;
  /** Turns a waiting run of the fence before into a running one. */
  start(run: RunningRun): Promise<'started' | 'gone'>;
  /** Stores what becomes of an execution if the lease is still its own; a further attempt only if nobody has cancelled the run. */
  end(run: EndedRun | WaitingRun, lease: Lease): Promise<'ended' | 'fenced' | 'cancelled'>;
  /** Ends a run that waits at that fence. */
  endWaiting(run: EndedRun, fence: number): Promise<'ended' | 'gone'>;
  /** Keeps what an execution has said so far, and says whether it is to go on. */
  beat(run: RunningRun, record: RunRecord): Promise<'goOn' | 'cancelled' | 'fenced'>;
  /** Asks that a running run be cancelled. */
  cancel(jobUid: JobUid, runId: RunId, at: Instant): Promise<'asked' | 'gone'>;
  /** Takes the lock of a job for a run; answers who has it if another one does. */
  lock(run: RunningRun): Promise<'locked' | { readonly holder: RunId }>;
  /** Takes the lock over from a run that will not give it back. */
  takeLock(run: RunningRun, holder: RunId): Promise<'locked' | 'changed'>;
  /** Gives the lock back if the run has it. */
  unlock(run: Pick<Run, 'jobUid' | 'runId'>): Promise<void>;
  /** Takes the turn to look at late due times of a job (core/run/turn.ts), until an instant at most. */
  takeTurn(jobUid: JobUid, owner: string, now: Instant, until: Instant): Promise<boolean>;
  endTurn(jobUid: JobUid, owner: string): Promise<void>;
  get(jobUid: JobUid, runId: RunId): Promise<Run | undefined>;
  /** The first run from an id on, in time: the one that would hold a stretch of missed due times. */
  firstFrom(jobUid: JobUid, runId: RunId): Promise<Run | undefined>;
  /** The newest run up to an id, as a read that lags may have it. */
  lastBefore(jobUid: JobUid, runId: RunId): Promise<Run | undefined>;
  /** Headers of runs, the newest first; `consistent` ones see every write that was answered. No page is empty while there is `more`. */
  list(
    jobUid: JobUid,
    page: {
      /** The oldest that is of interest, itself among them. */
      readonly from?: RunId | undefined;
      readonly before?: RunId | undefined;
      readonly limit: number;
      readonly consistent?: boolean;
    },
  ): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }>;
  /** Runs that were to start before an instant and have not ended, the oldest first; those that were claimed are not among them. */
  waiting(before: Instant, limit: number): Promise<readonly RunRef[]>;
  /** Runs that failed or timed out for good after an instant, the oldest first. */
  failed(after: Instant, limit: number): Promise<readonly RunRef[]>;
  /** Those that did so up to an instant, the newest first. */
  lastFailed(upTo: Instant, limit: number): Promise<readonly RunRef[]>;
}

export interface RunRef {
  readonly jobId: JobId;
  readonly jobUid: JobUid;
  readonly runId: RunId;
  /** What it is sorted by. */
  readonly at: Instant;
}

/** How far the reconciler has come; one at a time may move it. */
export interface Checkpoints {
  /** Takes the checkpoint until an instant; undefined while someone else has it. */
  take(owner: string, now: Instant, until: Instant): Promise<Checkpoint | undefined>;
  /** Stores it, if it is still that owner's. */
  save(owner: string, checkpoint: Checkpoint): Promise<'saved' | 'lost'>;
  giveBack(owner: string): Promise<void>;
}

export interface Checkpoint {
  /** Up to when the due times of all jobs have been accounted for; null = never yet. */
  readonly accountedTo: Instant | null;
  /** Jobs that had something without an answer or under way, to be looked at again by the next walk; null = not known, or more than are kept: all are. */
  readonly open: readonly JobId[] | null;
  /** When the schedules of all jobs were last compared with what EventBridge has. */
  readonly comparedAt: Instant | null;
  /** What was sent to be caught up with, to be looked at once more: that it was sent does not say that it ran. */
  readonly recheck: Recheck | null;
  /** Up to when failures were looked at. */
  readonly failuresTo: Instant | null;
  /** The walk that is under way. */
  readonly walk: Walk | null;
}

/** Due times after `from` were sent for; the first at `firstAt`, the last at `lastAt`. */
export interface Recheck {
  readonly from: Instant;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

/** A walk through all jobs, which goes on where it was interrupted. */
export interface Walk {
  /** Due times after `from` and up to `to` are accounted for. */
  readonly from: Instant;
  readonly to: Instant;
  readonly compares: boolean;
  /** Whether it looks once more at what was sent for. */
  readonly rechecks: boolean;
  /** How many due times it has sent for. */
  readonly sent: number;
  /** Those it leaves open so far. */
  readonly open: readonly JobId[] | null;
  /** The beginning of names that was done last, and the job that was done last in the part after it. */
  readonly after: string | null;
  readonly id: JobId | null;
  /** Schedules seen and deleted so far. */
  readonly listed: number;
  readonly deleted: number;
  /** What could not be done: the time is accounted for again. */
  readonly failed: number;
  /** Whether a list could not be read: then nothing is deleted. */
  readonly unlisted: boolean;
}

/** The switch of a stage: while it is held, nothing is started, from a few seconds on. */
export interface StageSwitch {
  /** Why and since when the stage is held, as it was a few seconds ago. */
  read(): Promise<Hold | null>;
  /** The same as it is now. */
  look(): Promise<Hold | null>;
  hold(hold: Hold): Promise<void>;
  release(): Promise<void>;
}

export interface Hold {
  readonly reason: string | null;
  readonly at: Instant;
}

/** Remembers the requests that came with an Idempotency-Key. */
export interface KeyStore {
  /** Remembers a request, or returns the one that came first with that key. */
  begin(key: string, request: KeyedRequest): Promise<KeyedRequest>;
  /** Keeps the answer, to be given again. */
  answer(key: string, request: KeyedRequest, answer: KeyedAnswer): Promise<void>;
  /** Forgets a request that came to nothing. */
  forget(key: string, request: KeyedRequest): Promise<void>;
}

export interface KeyedRequest {
  /** A digest of the body: another body with the same key is refused. */
  readonly body: string;
  /** What its ids are made of, chosen before anything is written. */
  readonly seed: string;
  readonly at: Instant;
  readonly answer: KeyedAnswer | null;
}

export interface KeyedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A schedule as EventBridge Scheduler is to hold it; its ticks carry `payload` and their nominal instant. */
export interface EngineSchedule {
  readonly name: string;
  /** Decides which runner it invokes. */
  readonly module: ModuleName;
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

/** Keeps the time: EventBridge Scheduler. Every call may be repeated. */
export interface Engine {
  put(schedule: EngineSchedule): Promise<EngineOutcome>;
  remove(name: string): Promise<EngineOutcome>;
  /** Compares what the engine holds with what it should, member by member. */
  compare(schedule: EngineSchedule): Promise<'same' | 'differs' | 'absent'>;
  /** One page of the schedules whose names begin with a prefix, in no order. */
  list(prefix: string, token: string | undefined): Promise<{ readonly schedules: readonly EngineRow[]; readonly next: string | undefined }>;
}

/** What a list of schedules tells of each. */
export interface EngineRow {
  readonly name: string;
  readonly enabled: boolean;
  /** Whether it invokes the runner of a module. */
  invokesRunnerOf(module: ModuleName): boolean;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
}

/** The delay queues in front of the runners. */
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
  /** The class of runner that runs it. */
  readonly runner: string;
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
