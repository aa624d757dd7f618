import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../core/ports.ts';

/** The machine's clock; the only reader of the wall time in what is deployed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    await delay(Math.max(0, ms), undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

export const systemRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
