import type { ComponentChildren } from 'preact';
import { href } from '../page.ts';

interface Props {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The token of the page that follows. */
  readonly next: string | null;
  readonly first: string;
  readonly following: string;
  readonly children?: ComponentChildren;
}

/** Leads to the other pages of a list. */
export function Pages({ path, query, next, first, following, children }: Props) {
  const to = (pageToken: string | undefined) => href(path, { ...Object.fromEntries(query), pageToken });
  return (
    <nav class="pages" aria-label="Pages">
      {children}
      {query.has('pageToken') && <a href={to(undefined)}>{first}</a>}
      {next && <a href={to(next)}>{following}</a>}
    </nav>
  );
}
