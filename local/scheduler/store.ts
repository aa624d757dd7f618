import type { Timing } from '../../core/schedule/occurrences.ts';
import { conflict, notFound } from './errors.ts';
import { arnBase, type Scope } from './scope.ts';
import type { ScheduleRequest } from './shapes.ts';
import { Sorted } from './sorted.ts';

/** A schedule as GetSchedule shows it, and what it means in time. */
export interface StoredSchedule {
  readonly name: string;
  readonly arn: string;
  readonly request: ScheduleRequest;
  readonly timing: Timing;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** An `at` that has been invoked, for the last time. */
  readonly isOver?: true;
}

/** A request with a ClientToken, and its answer. */
export interface Answered {
  readonly token: string;
  readonly asked: string;
  readonly answer: Record<string, unknown>;
}

/** What keeps a store beyond its process. */
export interface Keeper {
  group(group: Group): void;
  noGroup(group: Group): void;
  schedule(schedule: StoredSchedule): void;
  noSchedule(schedule: StoredSchedule): void;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** A group that is being deleted keeps its schedules for a moment. */
  isDeleting: boolean;
  readonly tags: Map<string, string>;
  readonly schedules: Sorted<StoredSchedule>;
}

/** What one account has in one region: in memory, and as its keeper keeps it. */
export class Store {
  readonly scope: Scope;
  readonly groups = new Sorted<Group>();
  /** The last change of each resource that came with a ClientToken. */
  readonly answers = new Map<string, Answered>();

  readonly #keeper: Keeper | undefined;

  constructor(scope: Scope, groups: readonly string[], createdAt: number, keeper?: Keeper) {
    this.scope = scope;
    this.#keeper = keeper;
    for (const name of ['default', ...groups]) this.addGroup(name, createdAt);
  }

  addGroup(name: string, createdAt: number): Group {
    const arn = `${arnBase(this.scope, this.scope.account)}schedule-group/${name}`;
    const group = {
      name,
      arn,
      createdAt,
      modifiedAt: createdAt,
      isDeleting: false,
      tags: new Map(),
      schedules: new Sorted<StoredSchedule>(),
    };
    this.groups.set(name, group);
    return group;
  }

  /** To be told of every change of a group. */
  changed(group: Group, modifiedAt: number): void {
    group.modifiedAt = modifiedAt;
    this.#keeper?.group(group);
  }

  /** A group goes, though its schedules may stay for a moment. */
  removeGroup(group: Group, modifiedAt: number): void {
    group.isDeleting = true;
    group.modifiedAt = modifiedAt;
    this.#keeper?.noGroup(group);
  }

  group(name: string): Group {
    const group = this.groups.get(name);
    if (!group) throw notFound('Schedule group', name);
    return group;
  }

  /** A group that can be changed. */
  openGroup(name: string): Group {
    const group = this.group(name);
    if (group.isDeleting) throw conflict(`Schedule group ${name} is being deleted.`);
    return group;
  }

  find(group: string, name: string): StoredSchedule | undefined {
    return this.groups.get(group)?.schedules.get(name);
  }

  get(group: string, name: string): StoredSchedule {
    const schedule = this.group(group).schedules.get(name);
    if (!schedule) throw notFound('Schedule', name);
    return schedule;
  }

  put(schedule: StoredSchedule): void {
    this.restore(schedule);
    if (!this.group(schedule.request.GroupName).isDeleting) this.#keeper?.schedule(schedule);
  }

  /** Puts a schedule that is kept already. */
  restore(schedule: StoredSchedule): void {
    this.group(schedule.request.GroupName).schedules.set(schedule.name, schedule);
  }

  remove(schedule: StoredSchedule): void {
    this.groups.get(schedule.request.GroupName)?.schedules.delete(schedule.name);
    this.#keeper?.noSchedule(schedule);
  }
}
