import { relative, shown, useNow, useZone } from '../time.ts';

/** An instant as the reader wants it, its distance from now, and in UTC when pointed at. */
export function When({ at, zone, plain = false }: { readonly at: string | null; readonly zone?: string; readonly plain?: boolean }) {
  const now = useNow();
  const where = useZone(zone);
  if (at === null) return <span class="faint">–</span>;
  return (
    <time dateTime={at} title={at}>
      <span class="instant">{shown(at, where)}</span>
      {!plain && <small class="faint"> {relative(at, now)}</small>}
    </time>
  );
}
