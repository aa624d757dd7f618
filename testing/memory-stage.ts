import type { Checkpoint, Checkpoints, Hold, KeyedRequest, KeyStore, StageSwitch } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';

/** The switch of a stage, in memory. */
export function memorySwitch(): StageSwitch {
  let hold: Hold | null = null;
  return {
    read: async () => hold,
    look: async () => hold,
    async hold(held) {
      hold = held;
    },
    async release() {
      hold = null;
    },
  };
}

/** The reconciler's checkpoint, in memory. */
export function memoryCheckpoints(): Checkpoints {
  let checkpoint: Checkpoint = { accountedTo: null, open: null, comparedAt: null, recheck: null, failuresTo: null, walk: null };
  let lease: { readonly owner: string; readonly until: Instant } | undefined;
  return {
    async take(owner, now, until) {
      if (lease && lease.owner !== owner && lease.until > now) return undefined;
      lease = { owner, until };
      return checkpoint;
    },
    async save(owner, saved) {
      if (lease?.owner !== owner) return 'lost';
      checkpoint = saved;
      return 'saved';
    },
    async giveBack(owner) {
      if (lease?.owner === owner) lease = undefined;
    },
  };
}

/** Requests by their Idempotency-Key, in memory. */
export function memoryKeys(): KeyStore {
  const requests = new Map<string, KeyedRequest>();
  const KEPT_FOR = 24 * 3_600_000;
  return {
    async begin(key, request) {
      const first = requests.get(key);
      if (first && first.at > request.at - KEPT_FOR) return first;
      requests.set(key, request);
      return request;
    },
    async answer(key, request, answer) {
      requests.set(key, { ...request, answer });
    },
    async forget(key, { seed }) {
      const first = requests.get(key);
      if (first?.seed === seed && first.answer === null) requests.delete(key);
    },
  };
}
