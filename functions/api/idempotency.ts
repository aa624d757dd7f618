import type { Context } from 'hono';
import { base32, type JobUid, SUFFIX_BYTES, UID_BYTES } from '../../core/ids.ts';
import type { Clock, KeyedRequest, KeyStore, Random } from '../../core/ports.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { digest } from './digest.ts';
import { problemFor } from './problem.ts';

/** What a request's ids are made of: chosen before anything is written, so that a repeat of it means the same things. */
export interface Identity {
  readonly at: Instant;
  readonly uid: JobUid;
  readonly suffix: string;
}

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyStore;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Does what a request asks for once, however often it is sent with the same Idempotency-Key within a day.
 *
 * A repeat gets the first answer; one that comes while there is none, after a crash too, is carried out with the same ids and
 * so ends in the same thing. A request that was refused leaves the key free for a corrected one.
 */
export async function once(c: Context, ports: Ports, work: (identity: Identity) => Promise<Response>): Promise<Response> {
  const at = ports.clock.now();
  const seed = base32(ports.random.bytes(UID_BYTES + SUFFIX_BYTES));
  const header = c.req.header('Idempotency-Key');
  if (header === undefined) return work(identityOf({ at, seed }));
  if (!KEY.test(header)) return problemFor(c, 'malformed', 'Idempotency-Key: 1 to 255 visible ASCII characters, without spaces.');
  const key = `${c.req.method} ${c.req.path} ${header}`;
  const body = await digest(await c.req.text());
  const request = await ports.keys.begin(key, { body, seed, at, answer: null });
  if (request.body !== body) {
    return problemFor(c, 'keyReused', 'This Idempotency-Key came with another body before; a new request needs a key of its own.');
  }
  if (request.answer) {
    const { status, headers, body: text } = request.answer;
    return new Response(text, { status, headers: { ...headers, 'Idempotency-Replayed': 'true' } });
  }
  const response = await work(identityOf(request));
  if (response.ok) await keep(ports, key, request, response.clone());
  else if (response.status < 500) await ports.keys.forget(key, request);
  return response;
}

function identityOf({ at, seed }: Pick<KeyedRequest, 'at' | 'seed'>): Identity {
  return { at, uid: seed.slice(0, UID_BYTES) as JobUid, suffix: seed.slice(UID_BYTES) };
}

/** What was asked for is done: if its answer cannot be kept, a repeat finds the same. */
async function keep({ keys }: Ports, key: string, request: KeyedRequest, response: Response): Promise<void> {
  const { status } = response;
  await keys
    .answer(key, request, { status, headers: Object.fromEntries(response.headers), body: await response.text() })
    .catch(() => undefined);
}
