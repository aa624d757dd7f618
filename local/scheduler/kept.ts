import type { Journal } from './journal.ts';
import type { Scope } from './scope.ts';
import type { Group, Store, StoredSchedule } from './store.ts';
import { readTiming } from './timing.ts';

/** What is kept of a group, and of a schedule: its timing follows from its request. */
type Entry =
  | {
      readonly is: 'group';
      readonly scope: Scope;
      readonly group: Omit<Group, 'schedules' | 'tags' | 'arn' | 'isDeleting'> & { tags: [string, string][] };
    }
  | { readonly is: 'schedule'; readonly scope: Scope; readonly schedule: Omit<StoredSchedule, 'timing'> };

/** Keeps what one store has in a journal. */
export class Kept {
  readonly #journal: Journal;
  readonly #scope: Scope;

  constructor(journal: Journal, scope: Scope) {
    this.#journal = journal;
    this.#scope = scope;
  }

  group({ name, createdAt, modifiedAt, tags }: Group): void {
    this.#set(this.#key(name), { is: 'group', scope: this.#scope, group: { name, createdAt, modifiedAt, tags: [...tags] } });
  }

  noGroup({ name, schedules }: Group): void {
    for (const schedule of schedules.from('', '')) this.noSchedule(schedule);
    this.#journal.delete(this.#key(name));
  }

  schedule({ timing: _, ...schedule }: StoredSchedule): void {
    this.#set(this.#key(schedule.request.GroupName, schedule.name), { is: 'schedule', scope: this.#scope, schedule });
  }

  noSchedule({ name, request }: StoredSchedule): void {
    this.#journal.delete(this.#key(request.GroupName, name));
  }

  #key(...names: string[]): string {
    return [JSON.stringify(this.#scope), ...names].join(' ');
  }

  #set(key: string, entry: Entry): void {
    this.#journal.set(key, entry);
  }
}

/** Puts back what a journal has into the stores of its scopes. What an older version kept and this one cannot read is left out. */
export function restore({ entries }: Journal, storeOf: (scope: Scope) => Store): void {
  for (const entry of entries.values() as Iterable<Entry>) {
    const store = storeOf(entry.scope);
    if (entry.is === 'group') {
      const { name, createdAt, modifiedAt, tags } = entry.group;
      const group = store.groups.get(name) ?? store.addGroup(name, createdAt);
      group.modifiedAt = modifiedAt;
      for (const [key, value] of tags) group.tags.set(key, value);
      continue;
    }
    const { schedule } = entry;
    const timing = timingOf(schedule);
    if (timing && store.groups.get(schedule.request.GroupName)) store.restore({ ...schedule, timing });
  }
}

function timingOf({ request, modifiedAt }: Pick<StoredSchedule, 'request' | 'modifiedAt'>) {
  try {
    return readTiming(request, modifiedAt);
  } catch {
    return undefined;
  }
}
