import { AwsClient } from 'aws4fetch';
import { CarillonError, errorOf } from './problem.ts';

/** One request, sent again where that may help. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the caller to say
  readonly json: any;
}

/** Where the API is, and how it is reached. */
export interface Connection {
  readonly endpoint: string;
  /** How often a request is sent, all tries counted. */
  readonly attempts?: number;
  /** Waits between tries; replaced in tests. */
  readonly wait?: (ms: number) => Promise<void>;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const TIMEOUT_MS = 35_000;
/** The pause before the second try; it doubles. */
const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Calls the API of a stage: the local host as it is, a deployed one signed with the AWS credentials of whoever calls (environment,
 * profile, SSO: the SDK's own chain), or with the token in CARILLON_TOKEN where the stage asks for one.
 *
 * Sends again what met no answer, 429 or 5xx; a POST only with an Idempotency-Key, else it could be done twice. Rejects with a
 * CarillonError for whatever is refused.
 */
export async function call({ endpoint, attempts = 4, wait = sleep }: Connection, { method, path, body, headers }: Call): Promise<Answer> {
  const url = new URL(path, endpoint);
  const isRepeatable = method !== 'POST' || headers?.['Idempotency-Key'] !== undefined;
  for (let attempt = 1; ; attempt++) {
    const init: RequestInit = {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const outcome = await send(url, init);
    if (outcome.ok) return outcome.answer;
    const { error, waitMs } = outcome;
    const mayPass = error.code === 'unreachable' || error.status === 429 || error.status >= 500;
    if (!mayPass || !isRepeatable || attempt >= attempts) throw error;
    await wait(Math.min(LONGEST_PAUSE_MS, Math.max(waitMs, PAUSE_MS * 2 ** (attempt - 1))));
  }
}

/** What came of one try; `waitMs` is how long the API asks to wait before the next. */
type Outcome =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly error: CarillonError; readonly waitMs: number };

/**
 * Sends a request to the API as it is, signed where the stage is deployed. A host of this machine may ask for signatures as well
 * (`carillon dev --iam`): it gets them of keys that are in the environment, for which nobody else has to be asked.
 */
export async function reach(url: URL, init: RequestInit): Promise<Response> {
  // Each by its whole name: the console's bundle has them replaced.
  const token = process.env.CARILLON_TOKEN;
  const isHere = LOOPBACK.test(url.hostname);
  if (token && !isHere) return fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  const hasKeys = process.env.AWS_ACCESS_KEY_ID && process.env.AWS_SECRET_ACCESS_KEY;
  return fetch(!isHere || hasKeys ? await signed(url, init) : new Request(url, init));
}

async function send(url: URL, init: RequestInit): Promise<Outcome> {
  try {
    const response = await reach(url, init);
    const { status, headers } = response;
    const text = await response.text();
    const json = text === '' ? undefined : parsed(text);
    if (status < 400) return { ok: true, answer: { status, headers, json } };
    return { ok: false, error: errorOf(status, json), waitMs: Number(headers.get('Retry-After') ?? 0) * 1_000 };
  } catch (error) {
    const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    if (error instanceof CarillonError) return { ok: false, error, waitMs: 0 };
    return { ok: false, error: new CarillonError(0, 'unreachable', `${url.origin} does not answer: ${why}`, [], error), waitMs: 0 };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A request with AWS's signature version 4 for API Gateway. */
async function signed(url: URL, init: RequestInit): Promise<Request> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()().catch((error: Error) => {
    throw new CarillonError(
      0,
      'noCredentials',
      `${url.origin} wants signed requests, and there are no AWS credentials: ${error.message}`,
      [],
      error,
    );
  });
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(url.hostname)?.[1] ?? process.env.AWS_REGION ?? 'us-east-1';
  const aws = new AwsClient({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), service: 'execute-api', region });
  return aws.sign(url.href, init);
}
