import type { RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { href } from '../page.ts';
import { toneOf, words } from '../parts/badge.tsx';
import { counted, length } from '../time.ts';

const HEIGHT = 90;

/** How long the last runs took, the oldest at the left, with their median and their slow end. */
export function Durations({ jobId, runs }: { readonly jobId: string; readonly runs: readonly RunSummaryAnswer[] }) {
  const timed = runs.filter(({ durationMs }) => durationMs !== null).reverse();
  if (timed.length === 0) return <p class="faint">No run has ended yet.</p>;
  const sorted = timed.map(({ durationMs }) => durationMs ?? 0).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [median, slow, most] = [at(0.5), at(0.95), Math.max(1, at(1))];
  const y = (ms: number) => HEIGHT - (ms / most) * (HEIGHT - 6);
  const told = `The last ${counted(timed.length, 'run')} took ${length(median)} in the median, 95 % of them at most ${length(slow)}`;
  return (
    <figure>
      <svg class="durations" viewBox={`0 0 600 ${HEIGHT}`} preserveAspectRatio="none">
        <title>{told}</title>
        {timed.map(({ runId, state, durationMs }, n) => (
          <a
            key={runId}
            tabIndex={-1}
            href={href(['jobs', jobId, 'runs', runId])}
            aria-label={`${runId} ${words(state)}, took ${length(durationMs ?? 0)}`}
          >
            <rect
              class={toneOf(state)}
              x={(n * 600) / timed.length}
              y={y(durationMs ?? 0)}
              width={Math.max(1, 600 / timed.length - 2)}
              height={HEIGHT - y(durationMs ?? 0)}
            >
              <title>{`${runId} ${words(state)}, took ${length(durationMs ?? 0)}`}</title>
            </rect>
          </a>
        ))}
        <line class="median" x1="0" x2="600" y1={y(median)} y2={y(median)} />
      </svg>
      <figcaption>{told}</figcaption>
    </figure>
  );
}
