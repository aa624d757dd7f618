import type { Context } from 'hono';
import { type Result, refused, success } from '../../core/contract/problems.ts';
import { PAGING, type QueryRules } from '../../core/contract/queries.ts';
import { base32 } from '../../core/ids.ts';
import type { Clock, KeyStore, Random } from '../../core/ports.ts';
import { hmac } from './digest.ts';
import { type Query, readQuery, type Size, shown } from './query.ts';

/** What a list is asked for. */
export interface ListRequest<Rules extends QueryRules, Key extends string> {
  readonly query: Query<Rules>;
  readonly limit: number;
  /** The key of the last row of the page before. */
  readonly after: Key | undefined;
}

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyStore;
}

const HOUR = 3_600_000;
/** A key of an hour is kept for a day from within that hour. */
const VALID_HOURS = 23;
const SECRET_BYTES = 20;
const REFUSED = refused(
  'malformed',
  'pageToken: use the nextPageToken of the page before, unchanged, within a day and with the same query.',
);

export type Paging = ReturnType<typeof paging>;

/**
 * Reads and makes page tokens. A token holds the key of the last row, and a keyed digest of that key, the path and the query: it
 * is of use for the same list only, and nobody can make one. The secret is of the hour, and the same in all processes of a stage.
 */
export function paging({ clock, random, keys }: Ports) {
  const secrets = new Map<number, string>();
  const thisHour = () => Math.floor(clock.now() / HOUR);

  async function secretOf(hour: number): Promise<string> {
    const known = secrets.get(hour);
    if (known !== undefined) return known;
    const fresh = { body: '', seed: base32(random.bytes(SECRET_BYTES)), at: clock.now(), answer: null };
    const { seed } = await keys.begin(`page tokens ${hour}`, fresh);
    if (secrets.size > VALID_HOURS) secrets.clear();
    secrets.set(hour, seed);
    return seed;
  }

  async function signature(c: Context, hour: number, key: string): Promise<string> {
    const query = Object.entries(c.req.queries()).filter(([name]) => !(name in PAGING));
    const sorted = query.sort(([a], [b]) => (a < b ? -1 : 1));
    return (await hmac(await secretOf(hour), JSON.stringify([c.req.path, sorted, key]))).slice(0, 32);
  }

  return {
    /** Reads the query of a list with its `limit` and `pageToken`; a limit above the maximum is cut to it. */
    async readList<const Rules extends QueryRules, Key extends string>(
      c: Context,
      rules: Rules,
      size: Size,
    ): Promise<Result<ListRequest<Rules, Key>>> {
      const read = readQuery(c, { ...rules, ...PAGING });
      if (!read.ok) return read;
      const { limit, pageToken, ...query } = read.value as Query<typeof PAGING>;
      if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit))
        return refused('malformed', `limit: a whole number from 1 on, received ${shown(limit)}.`);
      let after: Key | undefined;
      if (pageToken !== undefined) {
        const [, hour, signed, key] = /^(\d{1,8})~([0-9a-f]{32})~(.+)$/.exec(Buffer.from(pageToken, 'base64url').toString()) ?? [];
        const age = thisHour() - Number(hour);
        // Another process may be in the next hour already.
        if (key === undefined || !(age >= -1 && age <= VALID_HOURS)) return REFUSED;
        if (signed !== (await signature(c, Number(hour), key))) return REFUSED;
        after = key as Key;
      }
      return success({ query: query as Query<Rules>, limit: Math.min(Number(limit ?? size.default), size.max), after });
    },

    /** The token of the page after a row; null when that was the last one. */
    async pageToken(c: Context, lastKey: string | undefined): Promise<string | null> {
      if (lastKey === undefined) return null;
      const hour = thisHour();
      return Buffer.from(`${hour}~${await signature(c, hour, lastKey)}~${lastKey}`).toString('base64url');
    },
  };
}
