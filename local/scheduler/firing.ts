import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { LocalTime } from '../time.ts';
import type { Store, StoredSchedule } from './store.ts';
import type { Weather } from './weather.ts';

const MINUTE = 60_000;
/** After a sleep, occurrences older than this are not made up for: AWS does not sleep. */
const OLDEST = MINUTE;

export interface FiringOptions {
  readonly store: Store;
  readonly time: LocalTime;
  readonly weather: Weather;
  /** Numbers from 0 up to 1. */
  readonly chance: () => number;
  /** Delivers one invocation, its retries included; resolves when nothing more is tried. */
  readonly invoke: (schedule: StoredSchedule, occurrence: number) => Promise<void>;
}

/** Invokes each enabled schedule of a store when it is due. */
export class Firing {
  readonly #options: FiringOptions;
  /** What calls the next invocation off, by the schedule's ARN. */
  readonly #alarms = new Map<string, () => void>();

  constructor(options: FiringOptions) {
    this.#options = options;
  }

  /** Plans the next invocation of a new or changed schedule. A past `at` is due at once, as on AWS. */
  arm(schedule: StoredSchedule): void {
    this.disarm(schedule);
    if (schedule.request.State === 'DISABLED') return;
    this.#plan(schedule, isAt(schedule) ? -Infinity : schedule.modifiedAt - 1);
  }

  /** Goes on with the schedules of before a restart; what fell due while nothing ran is not made up for, but an `at` is. */
  resume(): void {
    const { store, time } = this.#options;
    for (const { schedules } of store.groups.from('', '')) {
      for (const schedule of schedules.from('', '')) {
        if (schedule.request.State === 'DISABLED' || schedule.isOver) continue;
        const after = isAt(schedule) ? -Infinity : Math.max(schedule.modifiedAt, time.now()) - 1;
        if (!this.#plan(schedule, after)) this.#complete(schedule);
      }
    }
  }

  disarm({ arn }: StoredSchedule): void {
    this.#alarms.get(arn)?.();
    this.#alarms.delete(arn);
  }

  /** Plans the first invocation after an instant; false when there is none. */
  #plan(schedule: StoredSchedule, after: number): boolean {
    const occurrence = nextOccurrence(schedule.timing, after);
    if (occurrence === undefined) return false;
    const { time, chance } = this.#options;
    // Where in its window an invocation falls is not documented.
    const at = occurrence + chance() * this.#spread(schedule);
    const cancel = time.after(at - time.now(), () => void this.#due(schedule, occurrence));
    this.#alarms.set(schedule.arn, cancel);
    return true;
  }

  /** How long after its instant an invocation may come. */
  #spread({ request: { FlexibleTimeWindow } }: StoredSchedule): number {
    return (FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * MINUTE + this.#options.weather.late * 1_000;
  }

  async #due(schedule: StoredSchedule, occurrence: number): Promise<void> {
    this.#alarms.delete(schedule.arn);
    const { invoke, weather, chance, time } = this.#options;
    const oldest = time.now() - OLDEST - this.#spread(schedule);
    const isDue = isAt(schedule) || occurrence >= oldest;
    const isLost = chance() < weather.losses;
    const deliveries = !isDue || isLost ? 0 : chance() < weather.duplicates ? 2 : 1;
    const delivered = Promise.all(Array.from({ length: deliveries }, () => invoke(schedule, occurrence)));
    const hasNext = this.#plan(schedule, Math.max(occurrence, oldest));
    await delivered;
    if (!hasNext) this.#complete(schedule);
  }

  /** After its last invocation, retries included; a recurring schedule without an end has no last one (User Guide, "managing-schedule-delete"). */
  #complete(schedule: StoredSchedule): void {
    const { ActionAfterCompletion, EndDate, GroupName } = schedule.request;
    const { store } = this.#options;
    if (store.find(GroupName, schedule.name) !== schedule) return;
    if (ActionAfterCompletion === 'DELETE' && (isAt(schedule) || EndDate !== undefined)) store.remove(schedule);
    else if (isAt(schedule)) store.put({ ...schedule, isOver: true });
  }
}

function isAt({ timing }: StoredSchedule): boolean {
  return timing.schedule.kind === 'at';
}
