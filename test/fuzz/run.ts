import { connect } from 'node:net';
import { Chance } from '../../testing/simulator/chance.ts';
import { checkDocumented } from '../support/documented.ts';
import { type FuzzedRequest, requestOf } from './requests.ts';

export interface FuzzFigures {
  readonly requests: number;
  /** How many connections were sent bytes that are no HTTP, or nearly. */
  readonly raw: number;
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What is no answer of the document: 5xx, an undocumented status, another shape, no answer. */
  readonly faults: readonly string[];
}

/** So many are under way at once. */
const WIDTH = 8;
/** Of so many requests one is a connection of bytes. */
const RAW_EVERY = 20;

/** Sends an API so many requests of a seed, and holds each answer against the document. */
export async function fuzz(
  url: string,
  requests: number,
  seed: number,
  tell: (done: number) => void = () => undefined,
): Promise<FuzzFigures> {
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let [next, raw] = [0, 0];
  const lane = async () => {
    for (let n = next++; n < requests; n = next++) {
      if (n % RAW_EVERY === 0) {
        raw += 1;
        const answer = await sendBytes(url, new Chance(seed, `bytes ${n}`));
        if (/HTTP\/1\.1 5/.test(answer)) faults.push(`bytes ${n} of seed ${seed}: ${answer.slice(0, 100)}`);
      }
      const request = requestOf(seed, n);
      const told = `request ${n} of seed ${seed}, ${request.method} ${request.path.slice(0, 100)}`;
      try {
        const status = await send(url, request);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 500) faults.push(`${told}: ${status}`);
      } catch (error) {
        faults.push(`${told}: ${error instanceof Error ? error.message : error}`);
      }
      tell(n + 1);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return { requests, raw, statuses, faults };
}

async function send(url: string, { method, path, headers, body }: FuzzedRequest): Promise<number> {
  const sent = body instanceof Buffer ? new Uint8Array(body) : body;
  const at = path.startsWith('/') ? path : `/${encodeURIComponent(Buffer.from(path).toString())}`;
  const response = await fetch(`${url}${at}`, { method, headers, ...(sent !== undefined && { body: sent }) });
  const text = await response.text();
  // The root is the console's.
  if (at.split('?')[0] === '/' && method === 'GET') return response.status;
  const json = text === '' ? undefined : JSON.parse(text);
  if (response.status < 500) checkDocumented(method, at, response.status, json);
  return response.status;
}

/** Bytes that are no request, or the beginning of one: whatever comes of them, the server has to live on. */
function sendBytes(url: string, chance: Chance): Promise<string> {
  const { port, hostname } = new URL(url);
  const starts = [
    '',
    'GET ',
    'POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n{',
    'GET /v1/jobs HTTP/1.1\r\nHost: \r\n\r\n',
    '\r\n\r\n',
  ];
  const bytes = Buffer.from(Array.from({ length: chance.below(400) }, () => chance.below(256)));
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(Buffer.concat([Buffer.from(chance.pick(starts)), bytes])));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => undefined).on('close', () => resolve(answer));
    // It may wait for the rest of the body.
    socket.setTimeout(200, () => socket.destroy());
  });
}
