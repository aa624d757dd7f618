import type { Clock } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';

interface Waiter {
  readonly at: Instant;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved; waits end in the order of their instants. */
export class VirtualClock implements Clock {
  #now: Instant;
  #waiters: Waiter[] = [];

  constructor(now: Instant | string) {
    this.#now = typeof now === 'string' ? Date.parse(now) : now;
  }

  now(): Instant {
    return this.#now;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const abort = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve();
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const waiter = { at: this.#now + ms, wake };
      this.#waiters.push(waiter);
      signal?.addEventListener('abort', abort);
    });
  }

  /** How many waits are under way. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** When the next wait ends. */
  get nextWake(): Instant | undefined {
    return this.#waiters.length === 0 ? undefined : Math.min(...this.#waiters.map(({ at }) => at));
  }

  /** Moves the clock as far as it takes for something to end; `quiet` waits for what is done without time passing. */
  async until<T>(work: Promise<T>, quiet: () => Promise<void> = settled): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    void work.then(over, over);
    for (;;) {
      await quiet();
      if (isOver) return work;
      if (this.nextWake !== undefined) await this.advance(this.nextWake - this.#now);
    }
  }

  /** Moves the clock forward, waking each waiter at its instant and letting what follows from it happen first. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = this.#waiters.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#waiters = this.#waiters.filter((waiter) => waiter !== next);
      this.#now = next.at;
      next.wake();
    }
    this.#now = until;
    await settled();
  }
}

/** Lets every promise that is ready run its continuations. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
