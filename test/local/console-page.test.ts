import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsolePage } from '../../local/console/page.ts';
import { gateway } from '../../local/gateway/gateway.ts';
import { close, listen } from '../../local/loopback.ts';

let [port, folder] = [0, ''];
const stage = { name: 'local', isProduction: false, readOnly: false, option: '' };
const page = new ConsolePage({ folder: () => folder, token: 'secret', stage });
const server = gateway(async () => ({ ok: true, value: { statusCode: 200, headers: {}, body: '{}' } }), page);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  port = await listen(server);
});
afterAll(async () => {
  await close(server);
  await rm(folder, { recursive: true });
});

/** A request with the headers of a browser, which fetch would not let be set. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const sent = request({ host: '127.0.0.1', port, path, method, headers: { Host: `127.0.0.1:${port}`, ...headers } }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return { status: answer.statusCode as number, headers: answer.headers as Record<string, string> };
}

describe('the page of the console', () => {
  it('begins a session with the token of the address, and keeps it in a cookie that scripts cannot read', async () => {
    const begun = await ask('/?token=secret', { 'Sec-Fetch-Site': 'none' });
    expect([begun.status, begun.headers.location]).toEqual([303, '/']);
    expect(begun.headers['set-cookie']).toEqual([`carillon-${port}=secret; HttpOnly; SameSite=Strict; Path=/`]);
    expect((await ask('/?token=other')).status).toBe(403);
  });

  it('hands out its files to anybody, with a policy that runs no other script', async () => {
    const { status, headers } = await ask('/', { 'Sec-Fetch-Site': 'none' });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['access-control-allow-origin']).toBeUndefined();
    // What is sent there is the API's to refuse.
    expect((await ask('/', {}, 'POST')).headers['content-type']).toBeUndefined();
    expect((await ask('/console/../../etc/passwd')).status).toBe(200); // the API's to answer: there is no such file of ours
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['a program, without any of it', 'GET', {}, 200],
    ['the page, with its token', 'POST', { Origin: 'own', 'Sec-Fetch-Site': 'same-origin', Cookie: 'own' }, 200],
    ['an address that is typed, with the token', 'GET', { 'Sec-Fetch-Site': 'none', Cookie: 'own' }, 200],
    ['the page without a token', 'GET', { 'Sec-Fetch-Site': 'same-origin' }, 403],
    ['the page with another token', 'GET', { 'Sec-Fetch-Site': 'same-origin', Cookie: 'other' }, 403],
    ['a page of another site', 'POST', { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site', Cookie: 'own' }, 403],
    ['a page of another port', 'GET', { 'Sec-Fetch-Site': 'same-site', Cookie: 'own' }, 403],
    ['a form of another port', 'POST', { Origin: 'http://127.0.0.1:9', 'Sec-Fetch-Site': 'same-site', Cookie: 'own' }, 403],
    ['a form without an origin', 'POST', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site', Cookie: 'own' }, 403],
    ['a link that would change something', 'POST', { 'Sec-Fetch-Site': 'none', Cookie: 'own' }, 403],
    ['a name that was rebound', 'GET', { Host: 'evil.example', Cookie: 'own' }, 403],
  ])('admits or refuses %s', async (_, method, headers, status) => {
    const cookies: Record<string, string> = { own: `carillon-${port}=secret`, other: `carillon-${port}=wrong!` };
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        name === 'Cookie' ? (cookies[value] ?? value) : value === 'own' ? `http://127.0.0.1:${port}` : value,
      ]),
    );
    for (const path of ['/v1/jobs', ...(method === 'GET' && status !== 200 ? ['/events', '/console/stage.json'] : [])])
      expect((await ask(path, given, method)).status, path).toBe(status);
  });

  it('tells of changes, those that come together once', async () => {
    const sent = request({ host: '127.0.0.1', port, path: '/events' }).end();
    const [answer] = await once(sent, 'response');
    expect(answer.headers['content-type']).toBe('text/event-stream');
    await once(answer, 'data');
    page.changed();
    page.changed();
    const [told] = await once(answer, 'data');
    expect(String(told)).toBe('data: changed\n\n');
    sent.destroy();
  });
});
