import type { Clock } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';

/**
 * A fifth of what EventBridge Scheduler allows an account in its smaller Regions (User Guide, "scheduler-quotas"), a second: pages
 * of ListSchedules, and reads and changes of single schedules. The rest is for those who wait for an answer.
 */
export const QUOTA = { lists: 10, changes: 50 };

/** Gives out turns, at most so many a second. */
export class Pace {
  readonly #clock: Clock;
  readonly #interval: number;
  #next: Instant = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#interval = 1000 / perSecond;
  }

  async turn(): Promise<void> {
    const now = this.#clock.now();
    const turn = Math.max(now, this.#next);
    this.#next = turn + this.#interval;
    if (turn > now) await this.#clock.wait(turn - now);
  }
}
