import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Who sent a request, as the authorizer of API Gateway tells the function; undefined for one that is not let in. */
export type Authorize = (request: IncomingMessage, body: string) => Promise<{ readonly iam: Readonly<Record<string, string>> } | undefined>;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]{1,128})\/(\d{8})\/([a-z0-9-]{1,40})\/execute-api\/aws4_request, ?SignedHeaders=([a-z0-9;-]{1,500}), ?Signature=([0-9a-f]{64})$/;
/** API Gateway takes signatures that are at most five minutes old. */
const MOST_SKEW_MS = 5 * 60_000;

/**
 * Lets in what one pair of credentials has signed for API Gateway (IAM User Guide, "AWS Signature Version 4"): the request is signed
 * again, with the headers that were signed, and has to come to the same signature.
 */
export function iamAuthorizer(credentials: Credentials, now: () => number): Authorize {
  return async (request, body) => {
    const [, key, day, region, names, signature] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
    if (key !== credentials.accessKeyId || !day || !region || !names || !signature) return undefined;
    const signedHeaders = names.split(';');
    const datetime = String(request.headers['x-amz-date']);
    if (!datetime.startsWith(day) || Math.abs(instantOf(datetime) - now()) > MOST_SKEW_MS) return undefined;
    if (!signedHeaders.includes('host') || !signedHeaders.includes('x-amz-date')) return undefined;
    const digest = request.headers['x-amz-content-sha256'];
    if (digest !== undefined && digest !== createHash('sha256').update(body).digest('hex')) return undefined;
    const signer = new AwsV4Signer({
      ...credentials,
      method: request.method ?? 'GET',
      url: `http://${request.headers.host}${request.url}`,
      headers: Object.fromEntries(
        signedHeaders.filter((name) => name !== 'host' && name !== 'x-amz-date').map((name) => [name, String(request.headers[name] ?? '')]),
      ),
      ...(body !== '' && { body }),
      service: 'execute-api',
      region,
      datetime,
      allHeaders: true,
    });
    if (!timingSafeEqual(Buffer.from(await signer.signature()), Buffer.from(signature))) return undefined;
    return { iam: { accessKey: key, accountId: '000000000000', userArn: `arn:aws:iam::000000000000:user/${key}`, userId: key } };
  };
}

/** `20270101T000000Z`. */
function instantOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
