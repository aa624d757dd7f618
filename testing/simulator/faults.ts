import { draw } from './chance.ts';

/**
 * What becomes of a call of a service: it fails with an error, a throttle, a lost or a silent request and has no effect, its answer is
 * lost, it is carried out twice, it answers late, it fails and is carried out afterwards (behind later calls), or it is the last
 * thing its process does.
 */
export const CALL_FATES = [
  'error',
  'throttle',
  'dropBefore',
  'dropAfter',
  'hang',
  'duplicate',
  'slow',
  'reorder',
  'crash',
  'crashAfter',
] as const;
export type CallFate = (typeof CALL_FATES)[number];

/** What becomes of a delivery of EventBridge or of a queue. */
export const DELIVERY_FATES = ['lost', 'twice', 'late'] as const;
export type DeliveryFate = (typeof DELIVERY_FATES)[number];

/** Whether it is about a call of a service, and not about a delivery or a request on its way. */
export function isOfCall(fates: readonly string[]): boolean {
  return fates === (CALL_FATES as readonly string[]);
}

/** What befalls a history, and where: `place` names a call or a delivery, the same in each living of the same history. */
export interface Faults {
  fate<F extends string>(place: string, fates: readonly F[]): F | undefined;
}

/** Faults by chance: so likely at each call, and a quarter as likely at each delivery. */
export function randomFaults(seed: number, probability: number): Faults {
  return {
    fate(place, fates) {
      const chance = draw(seed, place);
      const limit = isOfCall(fates) ? probability : probability / 4;
      if (chance >= limit) return undefined;
      return fates[Math.floor((chance / limit) * fates.length)];
    },
  };
}

/** Exactly these faults, by their places. */
export function plannedFaults(plan: ReadonlyMap<string, string>): Faults {
  return { fate: <F extends string>(place: string, fates: readonly F[]) => fates.find((fate) => fate === plan.get(place)) };
}

export const NO_FAULTS: Faults = { fate: () => undefined };
