import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hasLoopbackHost, readText } from '../loopback.ts';
import { type ConsolePage, refuse } from './page.ts';

/** A request of the page, to be sent to the stage. */
export interface Forwarded {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface ProxyOptions {
  readonly page: ConsolePage;
  readonly readOnly: boolean;
  /** Sends a request to the stage, signed. */
  readonly send: (request: Forwarded) => Promise<Response>;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** What the page sends, and what it reads of an answer. */
const SENT = ['content-type', 'if-match', 'if-none-match', 'idempotency-key'];
const TOLD = ['content-type', 'etag', 'location', 'retry-after'];

/** The console of a deployed stage on this machine: hands out the page, and passes on what it asks of the API, and nothing else. */
export function consoleProxy(options: ProxyOptions): Server {
  return createServer((request, response) => {
    answer(request, response, options).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502, { 'Content-Type': 'application/problem+json' });
      response.end(
        JSON.stringify({ type: 'about:blank', status: 502, title: 'Bad Gateway', code: 'unavailable', detail: error.message, errors: [] }),
      );
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, { page, readOnly, send }: ProxyOptions): Promise<void> {
  if (!hasLoopbackHost(request)) return void response.writeHead(403).end();
  if (page.handle(request, response)) return;
  if (!page.admits(request)) return refuse(response);
  const { method = 'GET', url = '/' } = request;
  // As it will be resolved: dots lead nowhere else, nor does another host in its place.
  const { pathname, search } = new URL(`http://stage${url.startsWith('/') ? url : '/'}`);
  if (!/^\/(v1\/|openapi\.json$)/.test(pathname)) return refuse(response, 'The console passes on what is under /v1, and nothing else.');
  // A preview asks, and changes nothing.
  const isRead = method === 'GET' || pathname === '/v1/preview';
  if (readOnly && !isRead) return refuse(response, 'This console reads only: start it without --read-only to change something.');
  const body = await readText(request, MAX_BODY_BYTES);
  if (body === undefined) return void response.writeHead(413).end();
  const headers = Object.fromEntries(
    SENT.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
  );
  const found = await send({ method, path: pathname + search, headers, body: body === '' ? undefined : body });
  const told = Object.fromEntries(
    TOLD.flatMap((name) => (found.headers.get(name) === null ? [] : [[name, found.headers.get(name) ?? '']])),
  );
  const text = await found.text();
  response.writeHead(found.status, told).end(text);
  if (!isRead && found.ok) page.changed();
}
