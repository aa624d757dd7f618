import type { IncomingMessage } from 'node:http';

/** Whose schedules a request is about. */
export interface Scope {
  readonly account: string;
  /** Whether the request named the account: where it did not, a schedule is of its role's. */
  readonly isNamed: boolean;
  readonly region: string;
}

/**
 * Reads account and region from the scope of the request's signature (Signature Version 4); signatures are not checked.
 *
 * An access key of twelve digits is an account, as other emulators have it; any other one, and no signature, is the default.
 */
export function scopeOf({ headers }: IncomingMessage, byDefault: Omit<Scope, 'isNamed'>): Scope {
  const [, key = '', region] = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/scheduler\//.exec(headers.authorization ?? '') ?? [];
  const isNamed = /^\d{12}$/.test(key);
  return { account: isNamed ? key : byDefault.account, isNamed, region: region ?? byDefault.region };
}
