import type { Context } from 'hono';
import { instant } from '../../core/contract/bodies.ts';
import { type Result, refused, success } from '../../core/contract/problems.ts';
import { PAGING, type QueryRules } from '../../core/contract/queries.ts';
import { nearest } from '../../core/contract/suggestion.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { digest } from './digest.ts';

export type Query<Rules extends QueryRules> = {
  readonly [Name in keyof Rules]: (Rules[Name] extends readonly (infer Value)[] ? Value : string) | undefined;
};

const LONGEST = 200;

/** Reads the members of a query, each given once at most; one that is not known would silently list too much. */
export function readQuery<const Rules extends QueryRules>(c: Context, rules: Rules): Result<Query<Rules>> {
  const names = Object.keys(rules);
  const read: Record<string, string> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (!names.includes(name)) {
      const near = nearest({ received: name, candidates: names });
      return refused(
        'malformed',
        `${shown(name)} is not a member of this query${near ? `; did you mean ${near}?` : names.length > 0 ? `: ${names.join(', ')}` : ': it has none'}.`,
      );
    }
    const rule = rules[name] ?? 'text';
    const [given = '', ...others] = values;
    const value = rule === 'flag' && given === '' ? 'true' : given;
    if (others.length > 0) return refused('malformed', `${name}: it is given once, received ${values.length} times.`);
    if (value === '' || value.length > LONGEST) return refused('malformed', `${name}: a text of 1 to ${LONGEST} characters.`);
    const allowed = rule === 'flag' ? FLAG : rule;
    if (allowed !== 'text' && !allowed.includes(value))
      return refused('malformed', `${name}: one of ${allowed.join(', ')}, received ${shown(value)}.`);
    read[name] = value;
  }
  return success(read as Query<Rules>);
}

const FLAG = ['true', 'false'];

/** Reads an instant of a query. */
export function readInstant(text: string | undefined, name: string, byDefault: Instant): Result<Instant> {
  if (text === undefined) return success(byDefault);
  const read = instant.safeParse(text);
  return read.success
    ? success(Date.parse(read.data))
    : refused('malformed', `${name}: ${read.error.issues[0]?.message}; received ${shown(text)}.`);
}

/** What a list is asked for. */
export interface ListRequest<Rules extends QueryRules, Key extends string> {
  readonly query: Query<Rules>;
  readonly limit: number;
  /** The key of the last row of the page before. */
  readonly after: Key | undefined;
}

/** Reads the query of a list with its `limit` and `pageToken`; a limit above the maximum is cut to it. */
export async function readList<const Rules extends QueryRules, Key extends string>(
  c: Context,
  rules: Rules,
  size: { readonly default: number; readonly max: number },
): Promise<Result<ListRequest<Rules, Key>>> {
  const read = readQuery(c, { ...rules, ...PAGING });
  if (!read.ok) return read;
  const { limit, pageToken: token, ...query } = read.value as Query<typeof PAGING>;
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    return refused('malformed', `limit: a whole number from 1 on, received ${shown(limit)}.`);
  }
  const [sum, key] = token === undefined ? [] : Buffer.from(token, 'base64url').toString().split('~');
  if (token !== undefined && (key === undefined || sum !== (await checksum(c, key))))
    return refused('malformed', 'pageToken: use the nextPageToken of the page before, unchanged and with the same query.');
  const after = key as Key | undefined;
  return success({ query: query as Query<Rules>, limit: Math.min(Number(limit ?? size.default), size.max), after });
}

/** The token of the page after a row: of use for the same path and query only, and for nobody who could not read the list anyway. */
export async function pageToken(c: Context, lastKey: string | undefined): Promise<string | null> {
  return lastKey === undefined ? null : Buffer.from(`${await checksum(c, lastKey)}~${lastKey}`).toString('base64url');
}

async function checksum(c: Context, key: string): Promise<string> {
  const query = Object.entries(c.req.queries()).filter(([name]) => !(name in PAGING));
  const sorted = query.sort(([a], [b]) => (a < b ? -1 : 1));
  return (await digest(JSON.stringify([c.req.path, sorted, key]))).slice(0, 16);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 50));
}
