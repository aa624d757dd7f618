import type { Clock, Random } from '../core/ports.ts';

/** The machine's clock; the only reader of the wall time in what is deployed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Not Node's own promise of a timer: called off it makes an error, with its stack, and a run calls off four.
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const over = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, Math.max(0, ms));
      signal?.addEventListener('abort', over);
    });
  },
};

export const systemRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
