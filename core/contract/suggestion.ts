import { distance } from 'fastest-levenshtein';
import type { MemberError } from './problems.ts';

/** A member's error as it is shown: its candidates are boiled down to the nearest. */
export function shown(error: MemberError) {
  const { candidates: _, ...members } = error;
  return { ...members, suggestion: nearest(error) ?? null };
}

/** The candidate that takes the fewest edits to reach, if it takes fewer than half of its letters; of `Europe/Berlin` the city will do. */
export function nearest({ received, candidates = [] }: Pick<MemberError, 'received' | 'candidates'>): string | undefined {
  if (typeof received !== 'string') return undefined;
  const given = received.toLowerCase().slice(0, 100);
  const ranked = candidates
    .filter((candidate) => candidate !== received)
    .map((candidate) => ({ candidate, edits: edits(given, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= best.candidate.length / 2 ? best.candidate : undefined;
}

function edits(given: string, candidate: string): number {
  const city = candidate.slice(candidate.lastIndexOf('/') + 1);
  return Math.min(distance(given, candidate), city === candidate ? Number.POSITIVE_INFINITY : 1 + distance(given, city));
}
