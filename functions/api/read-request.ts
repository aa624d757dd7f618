import type { Context } from 'hono';
import { MAX_BODY_BYTES } from '../../core/contract/bodies.ts';
import { checkBody } from '../../core/contract/check-body.ts';
import { type Result, refused } from '../../core/contract/problems.ts';
import type { Condition } from '../../core/job/change-job.ts';
import type * as z from '../../core/zod.ts';
import { readQuery } from './query.ts';

/** Reads the body of a request that has no query, so that `?dryRun` where there is none does not write. */
export async function readPlain<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
  empty?: unknown,
): Promise<Result<z.output<Schema>>> {
  const query = readQuery(c, {});
  return query.ok ? readBody(c, schema, empty) : query;
}

/** Reads a JSON body that fits a schema; `empty` stands for a request without one. */
export async function readBody<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
  empty?: unknown,
): Promise<Result<z.output<Schema>>> {
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
