import type { Shrunk } from '../../testing/simulator/shrink.ts';

/** Histories that broke a promise once, shrunk; they are lived first. */
export const SEEDS: readonly { readonly found: string; readonly history: Shrunk }[] = [];
