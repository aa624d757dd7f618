import type { Clock } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';

interface Waiter {
  readonly at: Instant;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved; waits end in the order of their instants, those of one instant as they began. */
export class VirtualClock implements Clock {
  #now: Instant;
  readonly #waiters: Waiter[] = [];

  constructor(now: Instant | string) {
    this.#now = typeof now === 'string' ? Date.parse(now) : now;
  }

  now(): Instant {
    return Math.floor(this.#now);
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const abort = () => {
        cancel();
        resolve();
      };
      const cancel = this.alarm(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort);
    });
  }

  /** Calls back after that many milliseconds, unless what it returns is called before. */
  alarm(ms: number, wake: () => void): () => void {
    const waiter = { at: this.#now + ms, wake };
    const place = this.#waiters.findLastIndex(({ at }) => at <= waiter.at) + 1;
    this.#waiters.splice(place, 0, waiter);
    return () => {
      const place = this.#waiters.indexOf(waiter);
      if (place >= 0) this.#waiters.splice(place, 1);
    };
  }

  /** How many waits are under way. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** When the next wait ends. */
  get nextWake(): Instant | undefined {
    return this.#waiters[0]?.at;
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
      if (this.nextWake !== undefined) await this.advance(this.nextWake - this.#now, quiet);
    }
  }

  /** Moves the clock forward, waking each waiter at its instant and letting what follows from it happen first. */
  async advance(ms: number, quiet: () => Promise<void> = settled): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await quiet();
      const next = this.#waiters[0];
      if (!next || next.at > until) break;
      this.#waiters.shift();
      this.#now = next.at;
      next.wake();
    }
    this.#now = until;
    await quiet();
  }
}

/** That of the machine, whatever a test puts in its place. */
const immediately = setImmediate;

/** Lets the machine do something: read a file, answer a request, call a timer back. */
export function machineTurn(): Promise<void> {
  return new Promise((resolve) => immediately(resolve));
}

/** Lets every promise that is ready run its continuations: Node takes its next tick when there are none left. */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
