import TinyQueue from 'tinyqueue';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { LocalTime } from '../time.ts';
import type { ScheduleStore, StoredSchedule } from './store.ts';
import { type Fire, payloadOf } from './target.ts';

interface Due {
  readonly at: number;
  /** The schedule as it was when it was armed; a later version has an entry of its own. */
  readonly schedule: StoredSchedule;
  readonly occurrence: number;
}

/** setTimeout counts to 2^31 ms only; looking more often also notices a clock that was set or a laptop that slept. */
const LONGEST_WAIT = 1_000;
/** After a sleep, occurrences older than this are not made up for: AWS does not sleep. */
const OLDEST = 60_000;

/** Invokes the target of each enabled schedule when it is due. */
export class Firing {
  readonly #store: ScheduleStore;
  readonly #fire: Fire;
  readonly #time: LocalTime;
  readonly #queue = new TinyQueue<Due>([], (a, b) => a.at - b.at);
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(store: ScheduleStore, fire: Fire, time: LocalTime) {
    this.#store = store;
    this.#fire = fire;
    this.#time = time;
  }

  /** Plans the next invocation of a new or changed schedule. A past `at` is due at once, as on AWS. */
  arm(schedule: StoredSchedule): void {
    const isAt = schedule.timing.schedule.kind === 'at';
    this.#plan(schedule, isAt ? -Infinity : schedule.modifiedAt - 1);
    this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #plan(schedule: StoredSchedule, after: number): boolean {
    if (schedule.request.State === 'DISABLED') return true;
    const occurrence = nextOccurrence(schedule.timing, after);
    if (occurrence === undefined) return false;
    this.#queue.push({ at: occurrence, schedule, occurrence });
    return true;
  }

  #wait(): void {
    this.#cancel();
    const next = this.#queue.peek();
    if (next === undefined || this.#stopped) return;
    this.#cancel = this.#time.after(Math.min(LONGEST_WAIT, Math.max(0, next.at - this.#time.now())), () => this.#wake());
  }

  #wake(): void {
    const now = this.#time.now();
    for (let due = this.#queue.peek(); due && due.at <= now; due = this.#queue.peek()) {
      this.#queue.pop();
      const { schedule, occurrence } = due;
      // Changed or deleted since: the store is what counts.
      if (this.#store.find(schedule.group, schedule.name) !== schedule) continue;
      const isAt = schedule.timing.schedule.kind === 'at';
      if (isAt || occurrence >= now - OLDEST) this.#fire(schedule.request.Target.Arn, payloadOf(schedule, occurrence));
      const hasNext = this.#plan(schedule, Math.max(occurrence, now - OLDEST));
      if (!hasNext && schedule.request.ActionAfterCompletion === 'DELETE') this.#store.remove(schedule);
    }
    this.#wait();
  }
}
