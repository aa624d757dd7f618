import type { RunAnswer } from '../../../core/contract/answers.ts';
import { Badge, toneOf, words } from '../parts/badge.tsx';
import { clockTime, length, useNow, useZone } from '../time.ts';

const WIDTH = 1_000;

/** A run from its due time to its end: each attempt, and how long was waited for it. */
export function Attempts({ run }: { readonly run: RunAnswer }) {
  const now = useNow();
  const zone = useZone();
  const first = Date.parse(run.attempts[0]?.startedAt ?? run.dueAt);
  // One that was asked for has a due time long ago.
  const from = run.trigger === 'retry' || run.trigger === 'backfill' ? first : Date.parse(run.dueAt);
  const to = Math.max(from + 1, run.endedAt === null ? now : Date.parse(run.endedAt));
  const x = (instant: number) => ((Math.max(from, instant) - from) / (to - from)) * (WIDTH - 6);
  let before = from;
  return (
    <section>
      <h2>What happened</h2>
      <div class="scroll">
        <table class="attempts">
          <thead>
            <tr>
              {['Attempt', 'Waited', 'Started', 'Took', 'Ended'].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
              <th scope="col" class="picture">
                <span class="ends">
                  <span>{clockTime(new Date(from).toISOString(), zone)}</span>
                  <span>{clockTime(new Date(to).toISOString(), zone)}</span>
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {run.attempts.map(({ attempt, startedAt, endedAt, state, error }) => {
              const [start, end] = [Date.parse(startedAt), endedAt === null ? now : Date.parse(endedAt)];
              const waited = Math.max(0, start - before);
              before = end;
              return (
                <tr key={attempt}>
                  <th scope="row">
                    {attempt} <Badge state={state} />
                    {error && <small>{error.message}</small>}
                  </th>
                  <td>{length(waited)}</td>
                  <td>{clockTime(startedAt, zone)}</td>
                  <td>{length(end - start)}</td>
                  <td>{endedAt === null ? '–' : clockTime(endedAt, zone)}</td>
                  <td class="picture">
                    <svg
                      viewBox={`0 0 ${WIDTH} 16`}
                      preserveAspectRatio="none"
                      role="img"
                      aria-label={`attempt ${attempt} ${words(state)}`}
                    >
                      <line class="wait" x1={x(start - waited)} x2={x(start)} y1="8" y2="8" />
                      <rect class={toneOf(state)} x={x(start)} y="1" width={Math.max(6, x(end) - x(start))} height="14" />
                    </svg>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
