import type { RunAnswer } from '../../../core/contract/answers.ts';
import { toneOf, words } from '../parts/badge.tsx';
import { length } from '../time.ts';

const WIDTH = 1_000;
const ROW = 30;

/** A run from its due time to its end: what it waited for, and each attempt. */
export function Attempts({ run, now }: { readonly run: RunAnswer; readonly now: number }) {
  const starts = run.attempts.map(({ startedAt }) => Date.parse(startedAt));
  const isRerun = run.trigger === 'retry' || run.trigger === 'backfill';
  const from = isRerun ? (starts[0] ?? Date.parse(run.dueAt)) : Date.parse(run.dueAt);
  const to = Math.max(from + 1, run.endedAt === null ? now : Date.parse(run.endedAt));
  const x = (instant: number) => ((Math.max(from, instant) - from) / (to - from)) * (WIDTH - 4);
  const told = `${run.attempts.length} ${run.attempts.length === 1 ? 'attempt' : 'attempts'} in ${length(to - from)}: ${run.attempts.map(({ state }) => words(state)).join(', ')}`;
  return (
    <figure>
      <svg class="attempts" viewBox={`0 0 ${WIDTH} ${Math.max(1, run.attempts.length) * ROW}`} role="img" aria-label={told}>
        <line class="wait" x1="0" x2={WIDTH} y1={ROW / 2} y2={ROW / 2} />
        {run.attempts.map(({ attempt, startedAt, endedAt, state, error }, row) => {
          const [start, end] = [Date.parse(startedAt), endedAt === null ? now : Date.parse(endedAt)];
          return (
            <rect
              key={attempt}
              class={toneOf(state)}
              x={x(start)}
              y={row * ROW + 5}
              width={Math.max(4, x(end) - x(start))}
              height={ROW - 10}
              rx="4"
            >
              <title>{`attempt ${attempt} ${words(state)}, took ${length(end - start)}${error ? `: ${error.message}` : ''}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>{told}</figcaption>
    </figure>
  );
}
