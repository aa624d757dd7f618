import { AwsClient } from 'aws4fetch';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the caller to say
  readonly json: any;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const TIMEOUT_MS = 35_000;

/**
 * Calls the API of a stage: the local host as it is, a deployed one signed with the AWS credentials of whoever calls (environment,
 * profile, SSO: the SDK's own chain).
 */
export async function call(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const url = new URL(path, base);
  const init: RequestInit = {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  };
  const response = await fetch(LOOPBACK.test(url.hostname) ? new Request(url, init) : await signed(url, init));
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

/** A request with AWS's signature version 4 for API Gateway. */
async function signed(url: URL, init: RequestInit): Promise<Request> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()();
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(url.hostname)?.[1] ?? process.env.AWS_REGION ?? 'us-east-1';
  const aws = new AwsClient({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), service: 'execute-api', region });
  return aws.sign(url.href, init);
}
