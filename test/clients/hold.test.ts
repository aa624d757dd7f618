import { execFile } from 'node:child_process';
import type { IncomingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { call } from '../../clients/http/call.ts';
import { apiServer } from '../support/api-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const carillon = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['local/start.mjs', 'clients/cli/main.ts', ...args], { cwd: root }).catch((error) => error);

let server: Awaited<ReturnType<typeof apiServer>>;
beforeAll(async () => {
  server = await apiServer();
});
afterAll(() => server.close());

it('holds a stage and releases it', async () => {
  const { url, w } = server;
  const held = await carillon('hold', '--endpoint', url, '--reason', 'migration');
  expect(held.stdout).toBe('held since 2027-01-01T00:00:00Z: from five seconds on nothing is started until `carillon release`\n');
  expect(await w.stage.read()).toMatchObject({ reason: 'migration' });
  expect((await carillon('release', '--endpoint', url)).stdout).toBe('released\n');
  expect(await w.stage.read()).toBeNull();
});

it('says what went wrong, with an exit code', async () => {
  const refused = await carillon('hold', '--endpoint', server.url, '--reason', 'x'.repeat(600));
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^error: .*512 characters at most.*\(malformed\)/)]);
  const unreachable = await carillon('hold', '--endpoint', 'http://127.0.0.1:9');
  expect([unreachable.code, unreachable.stderr]).toEqual([3, expect.stringContaining('does not answer')]);
});

it('signs what goes to a deployed stage, and to this machine with keys of the environment only', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push({ url: request.url, headers: Object.fromEntries(request.headers) });
    return new Response('{}');
  });
  await call({ endpoint: 'https://abc.execute-api.eu-central-1.amazonaws.com' }, { method: 'POST', path: '/v1/hold', body: {} });
  await call({ endpoint: 'http://127.0.0.1:4747' }, { method: 'POST', path: '/v1/hold', body: {} });
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  await call({ endpoint: 'http://127.0.0.1:4747' }, { method: 'POST', path: '/v1/hold', body: {} });
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  expect(seen[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
  );
  expect(seen[0]?.headers['x-amz-security-token']).toBe('session');
  expect(seen[1]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
  expect(seen[2]?.headers.authorization).toBeUndefined();
});
