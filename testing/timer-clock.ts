import type { Clock } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';

/**
 * A clock that stands still until a wait on it is over. A wait takes as long as `setTimeout` says, real or faked; what is done
 * without waiting takes no time, so that it comes to the same on every machine.
 */
export class TimerClock implements Clock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  /** Moves the clock forward without waiting. */
  moveTo(instant: Instant): void {
    this.#now = Math.max(this.#now, instant);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.#now + ms;
    return new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const abort = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        this.moveTo(until);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
