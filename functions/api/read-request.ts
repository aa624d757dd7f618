import type { Context } from 'hono';
import * as z from 'zod';
import { MAX_BODY_BYTES } from '../../core/contract/bodies.ts';
import { type MemberError, type Result, refused, refusedFor, success } from '../../core/contract/problems.ts';
import { escapePointer } from '../../core/job/check-input.ts';

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
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

function checkBody<Schema extends z.ZodType>(schema: Schema, body: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return success(parsed.data);
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const [first, ...others] = parsed.error.issues.flatMap((issue) => memberErrors(issue, known));
  return first ? refusedFor(first, ...others) : refused('malformed', 'The body does not fit.');
}

function memberErrors(issue: z.core.$ZodIssue, known: readonly string[]): MemberError[] {
  const pointer = issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
  if (issue.code !== 'unrecognized_keys') {
    return [{ pointer, code: 'malformed', rule: issue.message, fix: 'see the API in the README' }];
  }
  return issue.keys.map((key) => ({
    pointer: `${pointer}/${escapePointer(key)}`,
    code: 'unknownMember',
    received: key,
    rule: 'only the members of the API are taken, so that a misspelt one does not pass unnoticed',
    fix: 'remove it or correct its name',
    candidates: issue.path.length === 0 ? known : [],
  }));
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
