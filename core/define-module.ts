import type * as z from 'zod';
import { ENDING } from './run/ending.ts';
import type { ScheduleFields } from './schedule/spelling.ts';

/** What a module may decide for all its jobs; a job's own value comes first. Durations are `<whole number>s|m|h|d`. */
export interface ModulePolicies {
  /** How long one attempt may take, from `1s` to `14m`; default `1m`. */
  readonly timeout?: string;
  /**
   * How often a run that failed, timed out or crashed is tried, all attempts counted (1 to 10), and the pause before the second,
   * which doubles with each and is drawn at random below that (`1s` to `15m`); default `{ maxAttempts: 1, backoff: '30s' }`.
   */
  readonly retry?: { readonly maxAttempts?: number; readonly backoff?: string };
  /** Whether a run is skipped while another one of its job is under way or waits for its retry; default `skip`. */
  readonly overlap?: 'skip' | 'allow';
  /** What becomes of an occurrence that could not be started in its minute; default `{ within: '1h', run: 'latest' }`. */
  readonly catchUp?: {
    /** Up to which age it is still run, from `1m` to `24h`; an older one is recorded as missed. */
    readonly within?: string;
    /** Of several late ones the newest, all of them (at most 100 a job), or none. */
    readonly run?: 'latest' | 'all' | 'none';
  };
  /** After so many failed runs in a row, from 2 on, the job is paused; default `off`. */
  readonly autoPause?: 'off' | number;
  /** How long the record of a run is kept, from `1d` to `3650d`; default `30d`. */
  readonly keep?: string;
}

/** A job that a module declares: it exists after every start and deploy. Its members are those of POST /v1/jobs. */
export interface DeclaredJob {
  readonly schedule: string | ScheduleFields;
  readonly timezone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly input?: unknown;
  readonly policies?: ModulePolicies;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/** Writes a line with the run's keys to the log; the last lines are kept with the run. */
export interface RunLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What a module knows of the run it is part of. */
export interface RunContext {
  readonly job: { readonly id: string; readonly description: string | null; readonly tags: readonly string[] };
  readonly runId: string;
  /** The nominal instant this run stands for, not the moment it started. */
  readonly dueAt: Date;
  /** 1 for the first execution. */
  readonly attempt: number;
  /** Whether the run could not be started in its minute. */
  readonly late: boolean;
  /** The same in all attempts of this run and in no other run: hand it to services that accept one. */
  readonly idempotencyKey: string;
  /** Aborts when the timeout is over or someone cancels the run: pass it to fetch and friends. */
  readonly signal: AbortSignal;
  /** When `signal` aborts. */
  readonly deadline: Date;
  readonly log: RunLog;
  /** Says how far the run is: `progress(3, 10, 'rows')`. */
  progress(done: number, total: number, message?: string): void;
}

/** A module: what a job runs. */
export interface ModuleDefinition<Input extends z.ZodType | undefined = z.ZodType | undefined> {
  readonly description: string;
  /** The schema of a job's input; leave it out when there is none. A member with `.meta({ secret: true })` is never shown. */
  readonly input?: Input;
  readonly policies?: ModulePolicies;
  /**
   * The class of runner that runs it, one of those that the stage has (infra/stages.ts): its own memory, time, concurrency and
   * permissions. A local host has one runner for all. Default: `default`.
   */
  readonly runner?: string;
  /** Jobs of this module that are part of the code, by their ids. */
  readonly jobs?: Readonly<Record<string, DeclaredJob>>;
  /**
   * Does the work. Returning is success, and what is returned (small JSON) is kept with the run. Throwing is failure;
   * throw GiveUp to fail without a retry and Skip to say that there was nothing to do.
   */
  run(input: Input extends z.ZodType ? z.output<Input> : undefined, context: RunContext): unknown;
}

/** Declares a module: the default export of `jobs/<module>/index.ts`. */
export function defineModule<const Input extends z.ZodType | undefined = undefined>(
  definition: ModuleDefinition<Input>,
): ModuleDefinition<Input> {
  return definition;
}

/** Thrown by a module: the run failed and retrying would not help. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
  get [ENDING]() {
    return 'gaveUp' as const;
  }
}

/** Thrown by a module: there was nothing to do; the run is recorded as skipped. */
export class Skip extends Error {
  override readonly name = 'Skip';
  get [ENDING]() {
    return 'skipped' as const;
  }
}
