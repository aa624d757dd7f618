import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ConsolePage, refuse } from '../console/page.ts';
import type { InvocationResult } from '../lambda/execution-environment.ts';
import { hasLoopbackHost, isFromBrowser, readText } from '../loopback.ts';
import type { Authorize } from './iam.ts';

/** API Gateway itself takes 10 MB; what the API takes is its own to say. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Says which process answers, so that a second one that finds the port taken can name it. */
export const PID_HEADER = 'carillon-pid';

/** An HTTP API of API Gateway in front of one function: HTTP to payload 2.0 and back. */
/** With `authorize` it asks for IAM, of everybody but the console's own page. */
export function gateway(invoke: (event: unknown) => Promise<InvocationResult>, page: ConsolePage, authorize?: Authorize): Server {
  return createServer((request, response) => {
    response.setHeader(PID_HEADER, process.pid);
    void answer(request, response, invoke, page, authorize).catch(() => respond(response, 500, { message: 'Internal Server Error' }));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  invoke: (event: unknown) => Promise<InvocationResult>,
  page: ConsolePage,
  authorize: Authorize | undefined,
): Promise<void> {
  if (!hasLoopbackHost(request)) return respond(response, 403, { message: 'Forbidden: the Host header is not this machine' });
  if (page.handle(request, response)) return;
  if (!page.admits(request)) return refuse(response);
  const body = await readText(request, MAX_BODY_BYTES);
  if (body === undefined) return respond(response, 413, { message: 'Request Entity Too Large' });
  // A page that comes so far has the token of this session.
  const asked = isFromBrowser(request) ? undefined : authorize;
  const authorizer = await asked?.(request, body);
  if (asked && !authorizer) return respond(response, 403, { message: 'Forbidden' });
  const event = toEvent(request, body, authorizer);
  if (event === undefined) return respond(response, 400, { message: 'Bad Request: the target is no path' });
  const result = await invoke(event);
  if (!result.ok) return respond(response, 500, { message: 'Internal Server Error' });
  fromResult(response, result.value);
  if (request.method !== 'GET' && request.url !== '/v1/preview' && response.statusCode < 400) page.changed();
}

/** API Gateway Developer Guide, "Lambda proxy integrations for HTTP APIs", payload format 2.0. */
function toEvent(request: IncomingMessage, body: string, authorizer?: unknown): unknown {
  if (!request.url?.startsWith('/')) return undefined;
  const url = new URL(`http://127.0.0.1${request.url}`);
  const rawPath = request.url.split('?')[0] ?? '/';
  const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]));
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search.length > 1 && { queryStringParameters: query }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(authorizer !== undefined && { authorizer }),
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body !== '' && { body }),
    isBase64Encoded: false,
  };
}

interface ProxyResult {
  readonly statusCode?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function fromResult(response: ServerResponse, value: unknown): void {
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = value as ProxyResult;
  // API Gateway makes a 200 of anything without a status code; we would rather hear of it.
  if (statusCode === undefined) respond(response, 500, { message: 'Internal Server Error: the function gave no statusCode' });
  else response.writeHead(statusCode, headers).end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

function respond(response: ServerResponse, status: number, body: { message: string }): void {
  if (!response.headersSent) response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
