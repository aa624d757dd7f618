import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the request names a loopback host: a page of a rebound DNS name would name its own (DNS rebinding). */
export function hasLoopbackHost(request: IncomingMessage): boolean {
  return LOOPBACK.has((request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase());
}

/** Whether a browser made the request for a page; curl, the CLI and the SDK send neither header. */
export function isFromBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
}

/** Refuses what a web page could send to a service that is only for programs of this machine. */
export function onlyForPrograms(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (hasLoopbackHost(request) && !isFromBrowser(request)) handle(request, response);
    else response.writeHead(403).end();
  };
}

/** Listens on 127.0.0.1; port 0 takes any free one. Resolves to the port. */
export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Ends a server now, open connections included. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Reads a request's body as text, or undefined when it is larger than that many bytes. */
export async function readText(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
