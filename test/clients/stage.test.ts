import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findStage } from '../../clients/cli/find-stage.ts';
import { program } from '../../clients/cli/program.ts';
import { apiServer } from '../support/api-server.ts';

/** Parameters by their names; what SSM answers to GetParameter, over HTTP and through the real SDK. */
async function ssm(parameters: Readonly<Record<string, string>>) {
  const server = createServer(async (request, response) => {
    const { Name } = JSON.parse(await text(request));
    const [status, answer] =
      Name in parameters ? [200, { Parameter: { Name, Value: parameters[Name] } }] : [400, { __type: 'ParameterNotFound' }];
    response.writeHead(status as number, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return server;
}

let api: Awaited<ReturnType<typeof apiServer>>;
let parameters: Awaited<ReturnType<typeof ssm>>;
const printed: string[] = [];
beforeEach(async () => {
  for (const [name, value] of [
    ['AWS_REGION', 'eu-central-1'],
    ['AWS_ACCESS_KEY_ID', 'a'],
    ['AWS_SECRET_ACCESS_KEY', 's'],
    ['CARILLON_ENDPOINT', ''],
  ] as const)
    vi.stubEnv(name, value);
  api = await apiServer();
  parameters = await ssm({ '/carillon/prod/endpoint': `${api.url}/`, '/carillon/dev/endpoint': `${api.url}/` });
  printed.length = 0;
  for (const channel of ['log', 'error'] as const) vi.spyOn(console, channel).mockImplementation((line) => void printed.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
  parameters.close();
  api.close();
});

async function carillon(...words: string[]) {
  await program().parseAsync(['node', 'carillon', ...words]);
  return process.exitCode;
}

describe('a stage', () => {
  it('is found by the parameter that its deployment wrote, by an address, or is this machine', async () => {
    expect(await findStage({ stage: 'prod' })).toEqual({ endpoint: `${api.url}/`, name: 'prod', isLocal: false });
    expect(await findStage({ endpoint: 'https://x.example' })).toEqual({ endpoint: 'https://x.example', isLocal: false });
    expect(await findStage({})).toEqual({ endpoint: 'http://127.0.0.1:4747', isLocal: true });
    vi.stubEnv('CARILLON_STAGE', 'dev');
    expect(await findStage({})).toMatchObject({ name: 'dev' });
    vi.stubEnv('CARILLON_ENDPOINT', 'http://127.0.0.1:1');
    expect(await findStage({})).toMatchObject({ endpoint: 'http://127.0.0.1:1' });
    expect(await findStage({ local: true })).toMatchObject({ isLocal: true });
  });

  it('that is not there, and an address that is none, are told of with what to do', async () => {
    expect(await findStage({ stage: 'test' })).toEqual({
      error: expect.stringMatching(/no SSM parameter \/carillon\/test\/endpoint.*AWS_PROFILE and AWS_REGION/),
      isAbsent: true,
    });
    expect(await findStage({ endpoint: 'prod' })).toEqual({ error: expect.stringContaining('--endpoint prod: it is an address') });
    expect(await carillon('list', '--stage', 'test')).toBe(2);
  });

  it('of production is changed with --yes only, where nobody can be asked', async () => {
    await api.w.request('POST', '/v1/jobs', { id: 'nightly', module: 'noop', schedule: 'rate(1 day)' });
    expect(await carillon('delete', 'nightly', '--stage', 'prod')).toBe(2);
    expect(printed).toEqual(['error: the stage "prod" is production: add --yes to change it']);
    process.exitCode = 0;
    expect(await carillon('get', 'nightly', '--stage', 'prod')).toBe(0);
    expect(await carillon('pause', 'nightly', '--stage', 'dev')).toBe(0);
    expect(await carillon('delete', 'nightly', '--stage', 'prod', '--yes')).toBe(0);
    expect((await api.w.request('GET', '/v1/jobs/nightly')).status).toBe(404);
  });
});
