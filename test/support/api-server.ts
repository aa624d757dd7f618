import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createClient } from '../../clients/http/index.ts';
import { world } from './world.ts';

/** The API of a world in memory, over HTTP; what is asked to run runs at once. */
export async function apiServer(w = world()) {
  const seen: { method: string; path: string; headers: Record<string, unknown> }[] = [];
  const fates: (number | 'cut')[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [method = '', path = ''] = [request.method, request.url];
    seen.push({ method, path, headers: request.headers });
    const fate = fates.shift();
    if (fate === 'cut') {
      // It is carried out, and its answer lost.
      await w.request(method, path, body === '' ? undefined : body, given(request.headers));
      return response.destroy();
    }
    if (fate !== undefined) return response.writeHead(fate, { 'Retry-After': '2' }).end('{}');
    const answer = await w.request(method, path, body === '' ? undefined : body, given(request.headers));
    if (/\/(run|retry)$/.test(path)) await w.live(1_000);
    response
      .writeHead(answer.status, Object.fromEntries(answer.headers))
      .end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { w, url, seen, fates, close: () => void server.close() };
}

/** Such a server and a client of it, for one test; what the client waits for is only written down. */
export async function apiClient() {
  const server = await apiServer();
  onTestFinished(server.close);
  const waits: number[] = [];
  return { ...server, waits, client: createClient({ endpoint: server.url, wait: async (ms) => void waits.push(ms) }) };
}

function given(headers: Record<string, unknown>): Record<string, string> {
  const names = ['idempotency-key', 'if-match', 'if-none-match'];
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}
