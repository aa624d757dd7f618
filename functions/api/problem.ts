import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PROBLEMS, type ProblemCode, type Refusal } from '../../core/contract/problems.ts';
import { nearest, shown } from '../../core/contract/suggestion.ts';

/** Answers with a problem document (RFC 9457). */
export function problem(c: Context, refusal: Refusal, headers: Record<string, string> = {}): Response {
  const { status, title } = PROBLEMS[refusal.code];
  return c.body(
    JSON.stringify({
      type: `urn:carillon:problem:${refusal.code}`,
      title,
      status,
      detail: detailOf(refusal),
      code: refusal.code,
      instance: c.req.path,
      errors: refusal.errors.map(shown),
    }),
    status as ContentfulStatusCode,
    {
      'Content-Type': 'application/problem+json',
      ...((status === 503 || refusal.code === 'deleting') && { 'Retry-After': '5' }),
      ...headers,
    },
  );
}

export function problemFor(c: Context, code: ProblemCode, detail: string, headers?: Record<string, string>): Response {
  return problem(c, { code, detail, errors: [] }, headers);
}

/** Answers for what nobody expected; the cause goes to the log, not to the caller. */
export function unexpected(c: Context, error: Error): Response {
  console.error(
    JSON.stringify({
      level: 'ERROR',
      message: 'request failed',
      method: c.req.method,
      path: c.req.path,
      error: { name: error.name, message: error.message, stack: error.stack },
    }),
  );
  return isOutage(error)
    ? problemFor(c, 'unavailable', 'A service behind the API did not answer; what you sent may or may not have been stored. Try again.')
    : problemFor(c, 'internal', 'This is a defect in Carillon or in its configuration; its log says more.');
}

/** The SDK marks what it would have retried; a connection that failed has a code of the system's. */
function isOutage(error: Error): boolean {
  return (
    '$retryable' in error ||
    ('$metadata' in error && isServerFault(error.$metadata)) ||
    ('code' in error && typeof error.code === 'string') ||
    error.name === 'TimeoutError'
  );
}

function isServerFault(metadata: unknown): boolean {
  const status = (metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode;
  return status === undefined || status >= 500 || status === 429;
}

function detailOf({ detail, errors }: Refusal): string {
  const suggestion = errors[0] && nearest(errors[0]);
  return suggestion ? `${detail} Did you mean "${suggestion}"?` : detail;
}
