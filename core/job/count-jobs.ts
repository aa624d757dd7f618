import type { Clock, JobStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';

/** Counting stops here; the total is then a minimum. */
export const COUNT_LIMIT = 10_000;
/** Counting reads what it counts: of more jobs than this a count is used again for so long. */
const LARGE = 250;
const FRESH_FOR = 10_000;

/** Counts the jobs of a stage up to one more than the limit; of a large one as they were up to ten seconds ago. */
export function jobCounter(jobs: JobStore, clock: Clock): () => Promise<number> {
  let known: { readonly count: number; readonly at: Instant } | undefined;
  return async () => {
    const now = clock.now();
    if (known && known.count > LARGE && now >= known.at && now - known.at < FRESH_FOR) return known.count;
    known = { count: await jobs.count(COUNT_LIMIT + 1), at: now };
    return known.count;
  };
}
