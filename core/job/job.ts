import type { JobId, JobUid, ModuleName } from '../ids.ts';
import type { Instant } from '../schedule/schedule.ts';

/** What a job stores of the policies: only what its creator sent. */
export interface JobPolicies {
  readonly timeout?: string;
}

/** A job as it is stored. Every change is a whole new value with the next revision. */
export interface Job {
  readonly id: JobId;
  readonly uid: JobUid;
  readonly rev: number;
  readonly module: ModuleName;
  readonly source: 'api';
  /** As sent. */
  readonly schedule: string;
  readonly timezone: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  /** What a rate counts from. */
  readonly anchor: Instant;
  /** Rises only when the set of due times changes. */
  readonly timing: number;
  /** Due times up to here belong to an earlier timing, or to none. */
  readonly timingFrom: Instant;
  /** The StartDate that EventBridge is given; it refuses one that is over five minutes old. */
  readonly firstTick: Instant | null;
  /** As sent; undefined when none was. */
  readonly input: unknown;
  readonly policies: JobPolicies;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** What has been committed here and is not yet known to have reached EventBridge. */
  readonly intent: Intent | null;
  /** Why EventBridge would not take the schedule; null when it did. */
  readonly rejection: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export type Intent = 'apply' | 'delete';
