import type { RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { toneOf } from '../parts/badge.tsx';
import { counted, useNow } from '../time.ts';
import { instantOf } from './timeline.tsx';

const DAY = 86_400_000;
const WEEKS = 13;
const ORDER = ['bad', 'busy', 'calm', 'good'];

/** The last weeks, a cell a day (UTC) in the colour of its worst run. */
export function Calendar({ runs, isComplete }: { readonly runs: readonly RunSummaryAnswer[]; readonly isComplete: boolean }) {
  const today = Math.floor(useNow() / DAY);
  const byDay = new Map<number, string[]>();
  for (const { runId, state } of runs) {
    const day = Math.floor(instantOf(runId) / DAY);
    byDay.set(day, [...(byDay.get(day) ?? []), toneOf(state)]);
  }
  // Columns are weeks from Monday on; 1 January 1970 was a Thursday.
  const first = today - ((today + 3) % 7) - (WEEKS - 1) * 7;
  const bad = [...byDay.values()].filter((tones) => tones.includes('bad')).length;
  const told = `${counted(byDay.size, 'day')} with runs, ${bad} of them with a failure${isComplete ? '' : '; of the newest 100 runs'}`;
  return (
    <figure>
      <svg class="calendar" viewBox={`0 0 ${WEEKS * 16} 112`} role="img" aria-label={told}>
        {Array.from({ length: today - first + 1 }, (_, n) => first + n).map((day, n) => {
          const tones = byDay.get(day) ?? [];
          const worst = ORDER.find((tone) => tones.includes(tone)) ?? 'none';
          return (
            <rect key={day} class={worst} x={Math.floor(n / 7) * 16} y={(n % 7) * 16} width="13" height="13" rx="3">
              <title>{`${new Date(day * DAY).toISOString().slice(0, 10)}: ${counted(tones.length, 'run')}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>{told}</figcaption>
    </figure>
  );
}
