import type { Clock } from '../../core/ports.ts';
import { CALL_FATES, type CallFate } from './faults.ts';

const SECOND = 1_000;
/** How long the SDK tries before it gives a throttled, a lost or a silent request up, and how late an answer may be. */
const TAKES = {
  throttle: SECOND,
  dropBefore: 4 * SECOND,
  dropAfter: 4 * SECOND,
  hang: 12 * SECOND,
  slow: 5 * SECOND,
  reorder: 4 * SECOND,
};
/** A request that was given up may still be carried out so long after. */
const CARRIED_OUT_AFTER = 3 * SECOND;

const NEVER = new Promise<never>(() => undefined);

/** Thrown where AWS would not answer. */
export class InjectedFault extends Error {
  override readonly name = 'TimeoutError';
}

/** One execution environment with a clock of its own: once it has died nothing of it is heard again. */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  isDead = false;
  /** How many of its calls and waits need time to pass before they end. */
  waits = 0;
  #calls = 0;
  readonly #deaths: (() => void)[] = [];
  readonly #world: Clock;

  /** Its clock is `skew` ms ahead of the world's. */
  constructor(name: string, world: Clock, skew = 0) {
    this.name = name;
    this.#world = world;
    this.clock = {
      now: () => world.now() + skew,
      wait: (ms, signal) => this.wait(ms, signal),
    };
  }

  die(): void {
    this.isDead = true;
    for (const died of this.#deaths.splice(0)) died();
  }

  onDeath(died: () => void): void {
    this.#deaths.push(died);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits += 1;
    await this.#world.wait(ms, signal);
    this.waits -= 1;
    if (this.isDead) await NEVER;
  }

  /** The place of its next call, for faults to be found by. */
  nextPlace(call: string): string {
    return `${this.name} ${++this.#calls} ${call}`;
  }

  /** Makes a call that meets a fate; `fail` says how the service's client tells of a failure. */
  async call<T>(fate: CallFate | undefined, work: () => Promise<T>, fail: () => T): Promise<T> {
    if (this.isDead) return NEVER;
    const carryOut = async () => {
      try {
        const answer = await work();
        return this.isDead ? NEVER : answer;
      } catch (error) {
        // Nobody is there to be told.
        if (this.isDead) return NEVER;
        throw error;
      }
    };
    const die = () => {
      this.die();
      return NEVER;
    };
    switch (fate) {
      case undefined:
        return carryOut();
      case 'error':
        return fail();
      case 'throttle':
      case 'dropBefore':
      case 'hang':
        await this.wait(TAKES[fate]);
        return fail();
      case 'dropAfter':
        await carryOut();
        await this.wait(TAKES[fate]);
        return fail();
      case 'duplicate':
        await carryOut();
        return carryOut();
      case 'slow':
        await this.wait(TAKES[fate]);
        return carryOut();
      case 'reorder':
        void this.#world
          .wait(TAKES[fate] + CARRIED_OUT_AFTER)
          .then(work)
          .catch(() => undefined);
        await this.wait(TAKES[fate]);
        return fail();
      case 'crash':
        return die();
      case 'crashAfter':
        await carryOut();
        return die();
    }
  }
}

/** A port as a process sees it: `fateOf` says what befalls a call at a place, `saw` is told of each that was carried out. */
export function portOf<Port extends object>(
  port: Port,
  process: Process,
  fateOf: (place: string, fates: readonly CallFate[]) => CallFate | undefined,
  saw: (call: string, args: readonly unknown[], answer: unknown) => void,
  failure: (call: string) => unknown = () => undefined,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      const call = String(name);
      return (...args: unknown[]) => {
        const work = async () => {
          const answer = await method.apply(target, args);
          saw(call, args, answer);
          return answer;
        };
        const fail = () => {
          const answer = failure(call);
          if (answer === undefined) throw new InjectedFault(`${call}: injected`);
          return answer;
        };
        return process.call(fateOf(process.nextPlace(call), CALL_FATES), work, fail);
      };
    },
  });
}
