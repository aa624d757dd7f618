import { createHash } from 'node:crypto';
import type { LocalTime } from '../time.ts';
import { conflict } from './errors.ts';
import type { Firing } from './firing.ts';
import type { Store } from './store.ts';

export interface Parts {
  readonly store: Store;
  readonly firing: Firing;
  readonly time: LocalTime;
  /** Throws while a role is not to be assumed yet. */
  readonly assume: (roleArn: string) => void;
}

export interface Request {
  /** The resource in the path, decoded: a name or an ARN; '' for a list. */
  readonly resource: string;
  readonly query: URLSearchParams;
  /** The body's members, those that are null left out. */
  readonly body: unknown;
  /** Whether the request named its account. */
  readonly isNamed: boolean;
}

/** One operation of the API: changes the store and answers, or throws a SchedulerError. */
export type Operation = (parts: Parts, request: Request) => Record<string, unknown>;

/** The members of a query as the shapes have them; of one that is repeated the first. */
export function queryMembers(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].reverse());
}

/** How many answers are remembered. */
const MOST_ANSWERS = 10_000;

/**
 * Gives the same answer to a request that is repeated with its ClientToken, as long as nothing else was done to its resource; the
 * same token with another request of the kind is a conflict.
 */
export function once(
  { answers }: Store,
  token: string | undefined,
  resource: string,
  request: object,
  work: () => Record<string, unknown>,
) {
  const [kind] = Object.keys(request);
  const asked = `${kind} ${createHash('sha256').update(JSON.stringify(request)).digest('base64')}`;
  const before = answers.get(resource);
  if (before && before.token === token && before.asked.startsWith(`${kind} `)) {
    if (before.asked !== asked) throw conflict('The ClientToken was used for another request.');
    return before.answer;
  }
  const answer = work();
  answers.delete(resource);
  if (token !== undefined) answers.set(resource, { token, asked, answer });
  for (const oldest of answers.keys()) {
    if (answers.size <= MOST_ANSWERS) break;
    answers.delete(oldest);
  }
  return answer;
}
