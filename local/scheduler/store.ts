import type { Timing } from '../../core/schedule/occurrences.ts';
import { notFound } from './errors.ts';

/** A request of CreateSchedule or UpdateSchedule, as it crosses the wire; timestamps are epoch seconds. */
export interface ScheduleRequest {
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly Description?: string;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly KmsKeyArn?: string;
  readonly ClientToken?: string;
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' | 'FLEXIBLE'; readonly MaximumWindowInMinutes?: number };
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input?: string;
    readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
    readonly DeadLetterConfig?: { readonly Arn?: string };
  };
}

/** A schedule as GetSchedule shows it, and what it means in time. */
export interface StoredSchedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly request: ScheduleRequest;
  readonly timing: Timing;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Groups and their schedules, in memory. */
export class ScheduleStore {
  readonly region: string;
  readonly account: string;
  readonly #groups = new Map<string, Map<string, StoredSchedule>>();

  constructor({ region, account, groups }: { region: string; account: string; groups: readonly string[] }) {
    this.region = region;
    this.account = account;
    for (const group of ['default', ...groups]) this.#groups.set(group, new Map());
  }

  arnOf(group: string, name: string): string {
    return `arn:aws:scheduler:${this.region}:${this.account}:schedule/${group}/${name}`;
  }

  group(name: string): Map<string, StoredSchedule> {
    const group = this.#groups.get(name);
    if (!group) throw notFound('Schedule group', name);
    return group;
  }

  all(): StoredSchedule[] {
    return [...this.#groups.values()].flatMap((group) => [...group.values()]);
  }

  find(group: string, name: string): StoredSchedule | undefined {
    return this.#groups.get(group)?.get(name);
  }

  get(group: string, name: string): StoredSchedule {
    const schedule = this.group(group).get(name);
    if (!schedule) throw notFound('Schedule', name);
    return schedule;
  }

  put(schedule: StoredSchedule): void {
    this.group(schedule.group).set(schedule.name, schedule);
  }

  remove(schedule: Pick<StoredSchedule, 'group' | 'name'>): void {
    this.#groups.get(schedule.group)?.delete(schedule.name);
  }
}
