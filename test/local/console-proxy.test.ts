import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsolePage } from '../../local/console/page.ts';
import { consoleProxy, type Forwarded } from '../../local/console/proxy.ts';
import { close, listen } from '../../local/loopback.ts';

const sent: Forwarded[] = [];
const stage = { name: 'prod', isProduction: true, readOnly: false, option: '--stage prod' };
const page = new ConsolePage({ folder: () => '/nowhere', token: 'secret', isStrict: true, stage });
const send = async (forwarded: Forwarded) => {
  sent.push(forwarded);
  return new Response('{"rev":2}', { status: 200, headers: { 'Content-Type': 'application/json', ETag: '"2"', 'x-amzn-requestid': 'r' } });
};
const servers = [consoleProxy({ page, readOnly: false, send }), consoleProxy({ page, readOnly: true, send })];
const ports: number[] = [];
beforeAll(async () => {
  for (const server of servers) ports.push(await listen(server));
});
afterAll(() => Promise.all(servers.map(close)));

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string, port = ports[0]) {
  const own = { Host: `127.0.0.1:${port}`, Cookie: `carillon-${port}=secret`, ...headers };
  const asked = request({ host: '127.0.0.1', port, method, path, headers: own }).end(body);
  const [answer] = await once(asked, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('the console of a deployed stage', () => {
  it('passes on what the page asks of the API, with the headers that it means', async () => {
    const patch = { 'Content-Type': 'application/json', 'If-Match': '"1"', 'X-Forwarded-For': '1.2.3.4' };
    const answer = await ask('PATCH', '/v1/jobs/a?dryRun', patch, '{"tags":[]}');
    expect([answer.status, answer.body, answer.headers.etag, answer.headers['x-amzn-requestid']]).toEqual([
      200,
      '{"rev":2}',
      '"2"',
      undefined,
    ]);
    const headers = { 'content-type': 'application/json', 'if-match': '"1"' };
    expect(sent.pop()).toEqual({ method: 'PATCH', path: '/v1/jobs/a?dryRun', headers, body: '{"tags":[]}' });
    expect((await ask('GET', '/openapi.json')).status).toBe(200);
  });

  it.each([
    ['anybody without the token, programs too', 'GET', '/v1/jobs', { Cookie: '' }],
    ['a page of another site', 'POST', '/v1/hold', { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['a name that was rebound', 'GET', '/v1/jobs', { Host: 'evil.example' }],
    ['another path than the API’s', 'GET', '/prod/secrets', {}],
    ['a path that dots lead out of', 'GET', '/v1/../admin', {}],
    ['one that hides its dots', 'GET', '/v1/%2e%2e/admin', {}],
    ['another host in its place', 'GET', 'http://evil.example/v1/jobs', {}],
  ])('refuses %s, and sends nothing', async (_, method, path, headers) => {
    sent.length = 0;
    expect((await ask(method, path, headers)).status).toBe(403);
    expect(sent).toEqual([]);
  });

  it('lets one look only, where it is asked to', async () => {
    sent.length = 0;
    expect((await ask('POST', '/v1/jobs/a/pause', {}, undefined, ports[1])).status).toBe(403);
    expect((await ask('DELETE', '/v1/jobs/a', {}, undefined, ports[1])).status).toBe(403);
    expect((await ask('POST', '/v1/preview', {}, '{}', ports[1])).status).toBe(200);
    expect((await ask('GET', '/v1/jobs', {}, undefined, ports[1])).status).toBe(200);
    expect(sent.map(({ path }) => path)).toEqual(['/v1/preview', '/v1/jobs']);
  });
});
