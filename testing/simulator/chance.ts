/**
 * A number from 0 up to, not including, 1 for a place in a history: the same for the same seed and place on every machine, and
 * whatever else happens, so that a history with steps left out still meets the same chances in the others (FNV-1a, MurmurHash3's mixer).
 */
export function draw(seed: number, place: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (let n = 0; n < place.length; n++) hash = Math.imul(hash ^ place.charCodeAt(n), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** Chances that are taken one after the other at a place. */
export class Chance {
  readonly #seed: number;
  readonly #place: string;
  #taken = 0;

  constructor(seed: number, place: string) {
    this.#seed = seed;
    this.#place = place;
  }

  next(): number {
    return draw(this.#seed, `${this.#place} ${this.#taken++}`);
  }

  /** A whole number from 0 up to, not including, a limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
