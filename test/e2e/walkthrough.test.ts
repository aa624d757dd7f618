import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DevHost, freePort, makeProject } from '../support/project.ts';

/** The walkthrough of the service of FastAPI and APScheduler, request by request, each signed as a deployed stage asks for it. */
let project: Awaited<ReturnType<typeof makeProject>>;
let host: DevHost;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI');
  const plain = (name: string) => `import { defineModule } from 'carillon';
    export default defineModule({ description: '${name}', run: (_input, { log }) => log.info('${name} ran') });`;
  project = await makeProject({ counter: plain('counter'), filed: plain('filed') });
  await writeFile(join(project.root, 'jobs/filed/.schedule'), 'Twice a minute\nsecond=*/30\n');
  host = new DevHost(project.root, await freePort(), ['--iam']);
  await host.prints(/^ready /m);
});
afterAll(async () => {
  await host.end('SIGTERM');
  await project.remove();
  vi.unstubAllEnvs();
});

it('lets nobody in who does not sign, with another secret, another body, or long ago', async () => {
  const body = JSON.stringify({ id: 'counter', schedule: 'rate(1 hour)' });
  const sign = (more: object = {}) =>
    new AwsV4Signer({
      method: 'POST',
      url: `${host.url}/v1/jobs`,
      headers: { 'Content-Type': 'application/json' },
      body,
      service: 'execute-api',
      region: 'eu-central-1',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI',
      ...more,
    }).sign();
  const send = async (signed: Awaited<ReturnType<typeof sign>>, sent: unknown = signed.body) =>
    (await fetch(signed.url, { method: signed.method, headers: signed.headers, body: sent as string })).status;
  const headers = { 'Content-Type': 'application/json' };
  expect((await fetch(`${host.url}/v1/jobs`)).status).toBe(403);
  expect((await fetch(`${host.url}/v1/jobs`, { method: 'POST', headers, body })).status).toBe(403);
  expect(await send(await sign({ secretAccessKey: 'another' }))).toBe(403);
  expect(await send(await sign({ accessKeyId: 'AKIDANOTHER' }))).toBe(403);
  expect(await send(await sign({ service: 's3' }))).toBe(403);
  expect(await send(await sign({ datetime: '20260101T000000Z' }))).toBe(403);
  expect(await send(await sign(), body.replace('1 hour', '1 minute'))).toBe(403);
  expect(await send(await sign({ url: `${host.url}/v1/jobs?dryRun` }))).toBe(201);
  expect((await host.request('GET', '/v1/jobs')).json.total).toBe(0);
});

it('answers the command line, which signs with the keys of its environment', async () => {
  const ask = async (environment: object) =>
    await promisify(execFile)(process.execPath, ['clients/cli/carillon.mjs', 'list', '--json', '--endpoint', host.url], {
      env: { ...process.env, ...environment },
    }).then(
      ({ stdout, stderr }) => ({ answer: JSON.parse(stdout), stderr }),
      ({ stderr }) => ({ stderr }),
    );
  expect(await ask({})).toEqual({ answer: [], stderr: '' });
  expect(await ask({ AWS_ACCESS_KEY_ID: '' })).toEqual({ stderr: expect.stringContaining('403') });
});

it('a job in the folder of its id runs to the second, by its seconds', async () => {
  const created = await host.request('POST', '/v1/jobs', { id: 'counter', schedule: { type: 'cron', second: '*/3' } });
  expect([created.status, created.json.module, created.json.runFrequency]).toEqual([201, 'counter', 'Every 3 seconds, UTC']);
  await host.prints(/(RUN +counter[\s\S]*){4}/);
  const { runs } = (await host.request('GET', '/v1/jobs/counter/runs')).json;
  for (const { dueAt, latenessMs, state } of runs) {
    expect([new Date(dueAt).getUTCSeconds() % 3, state === 'succeeded' || state === 'running']).toEqual([0, true]);
    expect(latenessMs).toBeGreaterThanOrEqual(0);
    // Another host shares the two cores.
    expect(latenessMs).toBeLessThan(3_000);
  }
  const due = runs.map((run: { dueAt: string }) => Date.parse(run.dueAt));
  expect(due).toEqual(due.map((_: number, n: number) => due[0] - n * 3_000));
});

it('is deleted, made again as an interval of 30 seconds, listed and deleted', async () => {
  expect((await host.request('DELETE', '/v1/jobs/counter')).status).toBe(204);
  const body = { id: 'counter', schedule: { type: 'rate', seconds: 30 } };
  const again = await host.request('POST', '/v1/jobs', body);
  expect([again.status, again.json.nextRuns.length, again.json.runFrequency]).toEqual([201, 5, 'Every 30 seconds']);
  expect(again.json.updatedBy).toBe('arn:aws:iam::000000000000:user/AKIDEXAMPLE');
  expect((await host.request('POST', '/v1/jobs', body)).json.code).toBe('exists');
  const { json } = await host.request('GET', '/v1/jobs');
  expect(json).toMatchObject({ total: 1, jobs: [{ id: 'counter', runFrequency: 'Every 30 seconds', nextRun: again.json.nextRun }] });
  expect((await host.request('DELETE', '/v1/jobs/counter')).status).toBe(204);
  expect((await host.request('DELETE', '/v1/jobs/counter')).status).toBe(404);
  expect((await host.request('GET', '/v1/jobs')).json).toMatchObject({ total: 0, jobs: [] });
});

it('a date job runs once, and is completed', async () => {
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_000).toISOString().slice(0, 19);
  const created = await host.request('POST', '/v1/jobs', { id: 'once', module: 'counter', schedule: { type: 'at', at } });
  expect([created.status, created.json.nextRun]).toEqual([201, `${at}Z`]);
  await host.prints(/RUN +once /);
  expect((await host.request('GET', '/v1/jobs/once')).json).toMatchObject({
    state: 'completed',
    nextRun: null,
    lastRun: { dueAt: `${at}Z` },
  });
});

it('takes the schedule of a file, and says where there is none', async () => {
  expect((await host.request('POST', '/v1/jobs', { id: 'counter', fromFile: true })).json).toMatchObject({
    status: 404,
    code: 'noScheduleFile',
  });
  const filed = await host.request('POST', '/v1/jobs', { id: 'filed', fromFile: true });
  expect([filed.status, filed.json.runFrequency]).toEqual([201, 'Every 30 seconds, UTC']);
});
