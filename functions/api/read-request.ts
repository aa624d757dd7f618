import type { Context } from 'hono';
import type * as z from 'zod';
import { MAX_BODY_BYTES } from '../../core/contract/bodies.ts';
import { checkBody } from '../../core/contract/check-body.ts';
import { type Result, refused, success } from '../../core/contract/problems.ts';
import type { Condition } from '../../core/job/change-job.ts';

/** Reads a JSON body that fits a schema; `empty` stands for a request without one. */
export async function readBody<Schema extends z.ZodType>(c: Context, schema: Schema, empty?: unknown): Promise<Result<z.output<Schema>>> {
  const text = await c.req.text();
  if (text === '' && empty !== undefined) return checkBody(schema, empty);
  if (!isJson(c.req.header('Content-Type'))) {
    return refused('unsupportedMediaType', 'A body is sent as Content-Type: application/json.');
  }
  if (new TextEncoder().encode(text).length > MAX_BODY_BYTES) return refused('tooLarge', `A body has at most ${MAX_BODY_BYTES} bytes.`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return refused('malformed', `The body is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}.`);
  }
  return checkBody(schema, body);
}

function isJson(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/merge-patch+json';
}

/** The revisions that If-Match accepts; undefined where any will do. A tag that is none of ours matches none. */
export function readIfMatch(c: Context): Condition {
  const header = c.req.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  return header.split(',').map((tag) => Number(/^"(\d{1,15})"$/.exec(tag.trim())?.[1]));
}

/** Reads `limit` and `pageToken`; a limit above the maximum is cut to it. */
export function readPage<Token extends string>(
  c: Context,
  size: { default: number; max: number },
): Result<{ limit: number; token: Token | undefined }> {
  const limit = c.req.query('limit');
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    return refused('malformed', `limit: a whole number from 1 on, received ${JSON.stringify(limit.slice(0, 20))}.`);
  }
  const text = c.req.query('pageToken');
  const token = text === undefined ? undefined : readToken(text);
  if (text !== undefined && token === undefined)
    return refused('malformed', 'pageToken: use the nextPageToken of the page before, unchanged.');
  return success({ limit: Math.min(Number(limit ?? size.default), size.max), token: token as Token | undefined });
}

/** The opaque token that continues after the last row's key. */
export function pageToken(lastKey: string | undefined): string | null {
  return lastKey === undefined ? null : Buffer.from(lastKey).toString('base64url');
}

function readToken(token: string): string | undefined {
  const key = Buffer.from(token, 'base64url').toString();
  return /^[A-Za-z0-9._-]{1,64}$/.test(key) ? key : undefined;
}
