import type { Queue } from '../core/ports.ts';
import type { Envelope, Message } from '../core/run/message.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Keeps what was sent. */
export class MemoryQueue implements Queue {
  /** While true, nothing can be sent. */
  isDown = false;
  readonly sent: Envelope[] = [];

  async send(envelopes: readonly Envelope[]): Promise<void> {
    if (this.isDown) throw new Error('the queue is down');
    this.sent.push(...envelopes);
  }
}

export interface Redelivery {
  /** What is not taken within this is delivered again. */
  readonly visibilityMs: number;
  /** What was not taken after so many deliveries is put aside. */
  readonly receives: number;
}

/** Delivers each message after its delay, as SQS and an event source mapping do; `deliver` rejects what it does not take. */
export class DelayedQueue<M = Message> {
  readonly #clock: VirtualClock;
  readonly #redelivery: Redelivery;
  readonly #deliver: (message: M, receive: number) => Promise<unknown>;
  readonly #putAside: (message: M) => void;

  constructor(
    clock: VirtualClock,
    redelivery: Redelivery,
    deliver: (message: M, receive: number) => Promise<unknown>,
    putAside: (message: M) => void,
  ) {
    this.#clock = clock;
    this.#redelivery = redelivery;
    this.#deliver = deliver;
    this.#putAside = putAside;
  }

  async send(envelopes: readonly { readonly message: M; readonly delaySeconds: number }[]): Promise<void> {
    for (const { message, delaySeconds } of envelopes) void this.#carry(message, delaySeconds * 1_000);
  }

  async #carry(message: M, delay: number): Promise<void> {
    const { visibilityMs, receives } = this.#redelivery;
    await this.#clock.wait(delay);
    for (let receive = 1; receive <= receives; receive++) {
      const seenAgainAt = this.#clock.now() + visibilityMs;
      const isTaken = await new Promise<boolean>((resolve) => {
        const cancel = this.#clock.alarm(visibilityMs, () => resolve(false));
        const end = (taken: boolean) => {
          cancel();
          resolve(taken);
        };
        this.#deliver(message, receive).then(
          () => end(true),
          () => end(false),
        );
      });
      if (isTaken) return;
      await this.#clock.wait(seenAgainAt - this.#clock.now());
    }
    this.#putAside(message);
  }
}
