import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { refine } from '../page.ts';

/** The address changes once the typing has paused: each change is asked of the API. */
const PAUSE_MS = 150;

/** The text that jobs are narrowed down by; what the address says is shown when somebody else has changed it. */
export function Filter({ text }: { readonly text: string }) {
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  useLayoutEffect(() => {
    if (text !== sent.current) setTyped(text);
    sent.current = text;
  }, [text]);
  useLayoutEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      refine({ q: typed, pageToken: undefined });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      id="filter"
      aria-label="Filter by text in id, description, module or tag"
      placeholder="Filter  /"
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
