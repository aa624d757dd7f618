import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsolePage } from '../../local/console/page.ts';
import { gateway } from '../../local/gateway/gateway.ts';
import { close, listen } from '../../local/loopback.ts';

const events: { rawPath: string; rawQueryString: string; body?: string; headers: Record<string, string> }[] = [];
const stage = { name: 'local', isProduction: false, readOnly: false, option: '' };
const page = new ConsolePage({ folder: () => '/nowhere', token: 'secret', stage });
const server = gateway(async (event) => {
  events.push(event as (typeof events)[number]);
  return { ok: true, value: { statusCode: 201, headers: { 'x-a': 'b' }, body: 'made' } };
}, page);
let port: number;
beforeAll(async () => {
  port = await listen(server);
});
afterAll(() => close(server));

/** Sends bytes as they are and resolves to the status of the answer. */
async function raw(request: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.end(request);
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  await once(socket, 'close');
  return Number(answer.split(' ')[1]);
}

describe('the gateway', () => {
  it('hands HTTP over as payload 2.0 and gives the answer back', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/a%2Fb?x=1&x=2`, { method: 'POST', body: 'ü' });
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, 'b', 'made']);
    expect(events.at(-1)).toMatchObject({
      version: '2.0',
      rawPath: '/v1/a%2Fb',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      body: 'ü',
    });
  });

  it.each([
    ['GET //', 201],
    ['GET //:99999999/', 201],
    ['GET http://[', 400],
    ['OPTIONS *', 400],
  ])('%s does not upset it', async (line, status) => {
    expect(await raw(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toBe(status);
  });

  it('refuses the host of a rebound name, and pages', async () => {
    for (const header of [
      'Host: evil.example',
      'Host: localhost\r\nOrigin: http://localhost',
      'Host: localhost\r\nSec-Fetch-Site: same-origin',
    ]) {
      expect(await raw(`GET /v1/jobs HTTP/1.1\r\n${header}\r\nConnection: close\r\n\r\n`)).toBe(403);
    }
  });
});
