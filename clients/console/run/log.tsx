import { useEffect, useRef } from 'preact/hooks';
import type { RunAnswer } from '../../../core/contract/answers.ts';
import { clockTime, useZone } from '../time.ts';
import { follow, type Seen } from './follow.ts';

/** What it said, as far as the page was shown it; the end of a running one stays in sight of who is at the end. */
export function Log({ run }: { readonly run: RunAnswer }) {
  const zone = useZone();
  const seen = useRef<Seen | undefined>(undefined);
  seen.current = follow(seen.current, run);
  const { dropped, lines } = seen.current;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [dropped + lines.length]);
  if (lines.length === 0)
    return run.attempts.length === 0 ? null : <p class="faint">It logged nothing{run.endedAt === null ? ' yet' : ''}.</p>;
  return (
    <section>
      <h2>Log</h2>
      {dropped > 0 && <p class="faint">{dropped} lines before are not kept here.</p>}
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
        {lines.map(({ at, level, message, fields }, n) => (
          <div key={dropped + n} class={level}>
            <time dateTime={at}>{clockTime(at, zone)}</time> <b>{level}</b> {message}{' '}
            {fields && <span class="faint">{JSON.stringify(fields)}</span>}
          </div>
        ))}
      </div>
    </section>
  );
}
