import { createHash } from 'node:crypto';
import { invalid } from './errors.ts';

/** What a page's token says: which query it goes on with, and after what. */
interface Bookmark {
  readonly query: string;
  readonly group: string;
  readonly name: string;
}

/** Reads a token; one of another query, or none of ours, is refused. */
export function readToken(token: string | undefined, query: object): Pick<Bookmark, 'group' | 'name'> {
  if (token === undefined) return { group: '', name: '' };
  try {
    const bookmark = JSON.parse(Buffer.from(token, 'base64url').toString()) as Bookmark;
    if (bookmark.query === digest(query) && typeof bookmark.group === 'string' && typeof bookmark.name === 'string') return bookmark;
  } catch {}
  throw invalid('Invalid NextToken.');
}

export function writeToken(query: object, group: string, name: string): string {
  return Buffer.from(JSON.stringify({ query: digest(query), group, name } satisfies Bookmark)).toString('base64url');
}

function digest(query: object): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 12);
}
