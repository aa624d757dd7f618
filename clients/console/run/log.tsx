import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RunAnswer } from '../../../core/contract/answers.ts';
import { clockTime, counted, useZone } from '../time.ts';
import { follow, type Seen } from './follow.ts';

/** What it said, as far as the page was shown it; the end of a running one stays in sight of who is at the end. */
export function Log({ run }: { readonly run: RunAnswer }) {
  const zone = useZone();
  const seen = useRef<Seen | undefined>(undefined);
  seen.current = follow(seen.current, run);
  const { lines } = seen.current;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.at(-1)?.n]);
  if (lines.length === 0)
    return run.attempts.length === 0 ? null : <p class="faint">It logged nothing{run.endedAt === null ? ' yet' : ''}.</p>;
  return (
    <section>
      <h2>Log</h2>
      <div
        class="log"
        ref={box}
        role="log"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 8;
        }}
      >
        {lines.map(({ n, at, level, message, fields }, index) => {
          const missing = n - 1 - (lines[index - 1]?.n ?? -1);
          return (
            <Fragment key={n}>
              {missing > 0 && (
                <div class="faint">… {counted(missing, 'line')} not kept here: the whole is in the log of the host or of CloudWatch …</div>
              )}
              <div class={level}>
                <time dateTime={at}>{clockTime(at, zone)}</time> <b>{level}</b> {message}{' '}
                {fields && <span class="faint">{JSON.stringify(fields)}</span>}
              </div>
            </Fragment>
          );
        })}
      </div>
    </section>
  );
}
