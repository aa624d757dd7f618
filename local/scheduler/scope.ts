import type { IncomingMessage } from 'node:http';

/** Whose schedules a request is about. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/**
 * Reads account and region from the scope of the request's signature (Signature Version 4); signatures are not checked.
 *
 * An access key of twelve digits is an account, as other emulators have it; any other one, and no signature, is the default.
 */
export function scopeOf({ headers }: IncomingMessage, byDefault: Scope): Scope {
  const [, key = '', region] = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/scheduler\//.exec(headers.authorization ?? '') ?? [];
  return { account: /^\d{12}$/.test(key) ? key : byDefault.account, region: region ?? byDefault.region };
}
