import { type Compiled, compile } from './compile.ts';
import { firstOfRate, nextOccurrence, occurrencesBetween, type Timing } from './occurrences.ts';
import type { Instant } from './schedule.ts';

/** One a second for the longest window. */
const MOST_IN_WINDOW = 6 * 60;
/** A rate's tick that lies further from its grid is none of ours. */
const OFF_GRID = 60_000;

/**
 * The due times that a delivery at the nominal instant `tick` stands for.
 *
 * exact: the tick itself, even one that our tz data does not list; for a rate the nearest point of its grid, unless it lies
 * further off than a minute or a quarter of the period. cover: the tick if it is due. windowed: those of its window.
 */
export function dueAtTick(timing: Timing, tick: Instant, compiled: Compiled = compile(timing)): Instant[] {
  const { schedule, start, end } = timing;
  switch (compiled.ticks) {
    case 'cover':
      return nextOccurrence(timing, tick - 1, tick) === tick ? [tick] : [];
    case 'windowed': {
      const from = Math.floor(tick / 60_000) * 60_000 + compiled.lead;
      return occurrencesBetween(timing, from - 1, from + compiled.window - 1, MOST_IN_WINDOW);
    }
    case 'exact': {
      if (schedule.kind === 'at') return [tick];
      let due = tick;
      if (schedule.kind === 'rate') {
        const period = schedule.seconds * 1_000;
        due = timing.anchor + Math.round((tick - timing.anchor) / period) * period;
        if (Math.abs(tick - due) > Math.min(OFF_GRID, period / 4) || due < firstOfRate(schedule, timing)) return [];
      }
      return (start !== null && due < start) || (end !== null && due > end) ? [] : [due];
    }
  }
}
