import type { Policies } from '../contract/policies.ts';
import type { JobId, JobUid, ModuleName } from '../ids.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Spelling } from '../schedule/spelling.ts';

/** What decides when a job is due. */
export interface JobTiming {
  /** As sent. */
  readonly schedule: Spelling;
  readonly timezone: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  /** What a rate counts from. */
  readonly anchor: Instant;
}

/** A job as it is stored. Every change is a whole new value with the next revision. */
export interface Job extends JobTiming {
  readonly id: JobId;
  readonly uid: JobUid;
  readonly rev: number;
  readonly module: ModuleName;
  /** Rises only when the set of due times changes. */
  readonly timing: number;
  /** Due times up to here belong to an earlier timing, or to none. */
  readonly timingFrom: Instant;
  /** Earlier timings, for their deliveries that are still under way; the oldest first. */
  readonly previous: readonly PreviousTiming[];
  /** While it is set, the job has no due times. */
  readonly paused: Pause | null;
  /** Where EventBridge begins (its StartDate); null = at once, and for an `at` that EventBridge is not asked. */
  readonly firstTick: Instant | null;
  /** As sent; undefined when none was. */
  readonly input: unknown;
  /** Only what its creator sent. */
  readonly policies: Policies;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** The file that it is kept in line with, or the modules themselves (`code`); null = none. */
  readonly set: string | null;
  /** Its last ten revisions, the oldest first. */
  readonly changes: readonly Change[];
  /** What has been committed here and is not yet known to have reached EventBridge. */
  readonly intent: Intent | null;
  /** Why EventBridge would not take the schedule; null when it did. */
  readonly rejection: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** When its schedule was made again, or changed and found right; null = neither. */
  readonly madeAt: Instant | null;
}

/** A revision: who made it, and which members it changed; that of the creation none. */
export interface Change {
  readonly rev: number;
  readonly at: Instant;
  /** An IAM ARN, or the subject of a JWT; null where nobody was asked, and of what Carillon did itself. */
  readonly by: string | null;
  readonly changed: readonly string[];
}

export type Intent = 'apply' | 'delete';

export interface Pause {
  readonly by: 'user' | 'autoPause';
  readonly reason: string | null;
  readonly at: Instant;
}

/** It governed the due times after `timingFrom` and up to `until`. */
export interface PreviousTiming extends JobTiming {
  readonly timing: number;
  readonly timingFrom: Instant;
  readonly until: Instant;
}
