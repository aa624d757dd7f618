import type { IncomingMessage } from 'node:http';

/** Whose schedules a request is about. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/**
 * Reads account and region from the scope of the request's signature (Signature Version 4); signatures are not checked.
 *
 * An access key of twelve digits is an account, as other emulators have it; any other one, and no signature, is the default:
 * then the request names no account.
 */
export function scopeOf({ headers }: IncomingMessage, byDefault: Scope): { readonly scope: Scope; readonly isNamed: boolean } {
  const [, key = '', region] = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/scheduler\//.exec(headers.authorization ?? '') ?? [];
  const isNamed = /^\d{12}$/.test(key);
  return { scope: { account: isNamed ? key : byDefault.account, region: region ?? byDefault.region }, isNamed };
}

/** The beginning of an ARN in a region of an account. */
export function arnBase({ region }: Pick<Scope, 'region'>, account: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:scheduler:${region}:${account}:`;
}
