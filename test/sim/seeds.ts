import type { Shrunk } from '../../testing/simulator/shrink.ts';
import stored from './seeds.json' with { type: 'json' };

/** A history that broke a promise once, shrunk, and the mistake of that time, by its name among the mutants. */
export interface Seed {
  readonly mistake: string;
  readonly history: Shrunk;
}

/** They are lived first. */
export const SEEDS = stored as unknown as readonly Seed[];
