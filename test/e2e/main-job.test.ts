import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../local/loopback.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';

/** What ends a process in the middle of a run. */
const ENDS = {
  exits: 'process.exit(3)',
  'throws-later': "setTimeout(() => { throw new RangeError('nobody waits'); }, 50); await new Promise(() => undefined)",
  'rejects-later': "Promise.reject(new RangeError('nobody waits')); await new Promise(() => undefined)",
};

const MODULES = {
  ...Object.fromEntries(
    Object.entries(ENDS).map(([name, code]) => [
      name,
      `import { defineModule } from 'carillon';
       export default defineModule({ description: 'ends its process', policies: { retry: { maxAttempts: 2, backoff: '1s' } },
         async run(_input, { attempt }) { if (attempt === 1) { ${code}; } return 'second'; } });`,
    ]),
  ),
  throws: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'throws', run() { throw new RangeError('no rows'); } });`,
  // What was given up on at the timeout, or left behind, rejects without anybody waiting for it.
  abandons: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'abandons', policies: { timeout: '1s' }, run: (_input, { signal }) => {
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('abandoned'))));
      return new Promise(() => undefined); } });`,
  leaves: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'leaves', run: () => { Promise.reject(new Error('left behind')); return 'done'; } });`,
  deaf: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'never ends', policies: { timeout: '1s' }, run: () => new Promise(() => setInterval(() => {}, 1000)) });`,
};

let project: Awaited<ReturnType<typeof makeProject>>;
let host: DevHost;

beforeAll(async () => {
  project = await makeProject(MODULES);
  host = new DevHost(project.root, await freePort());
  await host.prints(/^ready http:\/\/127\.0\.0\.1:\d+$/m);
});
afterAll(async () => {
  await host.end('SIGTERM');
  await project.remove();
});

const inSeconds = (seconds: number) => new Date((Math.floor(Date.now() / 1000) + seconds) * 1000).toISOString().slice(0, 19);

/** Runs a job now and resolves to its record, once the host says that it ended. */
async function runNow(id: string) {
  const { json } = await host.request('POST', `/v1/jobs/${id}/run`);
  await host.prints(new RegExp(`(RUN|FAIL) +${id} ${json.runId}`));
  return (await host.request('GET', `/v1/jobs/${id}/runs/${json.runId}`)).json;
}

describe('the main job, over HTTP', () => {
  it('prints a command to paste, and pasting it makes a job', async () => {
    await host.prints(/Ctrl-C ends/);
    const body = /-d '([^']+)'/.exec(host.output)?.[1] ?? '';
    expect((await host.request('POST', '/v1/jobs', body)).json).toMatchObject({ id: 'hello', state: 'active', problem: null });
    const { status, json } = await host.request('GET', '/v1/jobs');
    expect([status, json.total, json.jobs[0].runFrequency]).toEqual([200, 1, 'Every minute, UTC']);
    expect((await host.request('POST', '/v1/jobs', body)).status).toBe(409);
  });

  it('fires an at to the second, once, and its schedule is gone', async () => {
    const at = inSeconds(2);
    await host.request('POST', '/v1/jobs', { id: 'once', module: 'heartbeat', schedule: `at(${at})` });
    await host.prints(/RUN +once \d/);
    const { runs } = (await host.request('GET', '/v1/jobs/once/runs')).json;
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ state: 'succeeded', trigger: 'schedule', dueAt: `${at}Z` });
    expect(runs[0].latenessMs).toBeGreaterThanOrEqual(0);
    expect(runs[0].latenessMs).toBeLessThan(3_000);
    expect((await host.request('GET', '/v1/jobs/once')).json).toMatchObject({
      state: 'completed',
      nextRun: null,
      lastRun: { runId: runs[0].runId },
    });
    expect(host.output).toMatch(/once .* still beating/);
  });

  it('runs two jobs of one module with their own inputs, and calls a webhook with the key of the run', async () => {
    const received: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      received.push(request);
      response.writeHead(request.url === '/teapot' ? 418 : 200).end('{}');
    });
    const target = `http://127.0.0.1:${await listen(server)}`;
    await host.request('POST', '/v1/jobs', { id: 'up', module: 'http-check', schedule: 'rate(1 day)', input: { url: target } });
    await host.request('POST', '/v1/jobs', {
      id: 'down',
      module: 'http-check',
      schedule: 'rate(1 day)',
      input: { url: target, status: 503 },
    });
    await host.request('POST', '/v1/jobs', {
      id: 'hook',
      module: 'webhook',
      schedule: 'rate(1 day)',
      input: { url: `${target}/teapot`, body: { a: 1 } },
    });
    expect(await runNow('up')).toMatchObject({ state: 'succeeded', output: { status: 200 } });
    expect(await runNow('down')).toMatchObject({ state: 'failed', error: { message: `${target} answered 200, expected 503` } });
    const hook = await runNow('hook');
    expect(hook).toMatchObject({ state: 'failed', reason: 'gaveUp' });
    expect(received.at(-1)?.headers['idempotency-key']).toMatch(new RegExp(`-${hook.runId}$`));
    server.close();
    await once(server, 'close');
  });

  it('records what a module throws, with the line of its source', async () => {
    await host.request('POST', '/v1/jobs', { id: 'bad', module: 'throws', schedule: 'rate(1 day)' });
    expect(await runNow('bad')).toMatchObject({
      state: 'failed',
      error: { name: 'RangeError', message: 'no rows', stack: expect.stringMatching(/jobs\/throws\/index\.ts:2:/) },
    });
  });

  it('ends a module that ignores its timeout, and the next run has a fresh process', async () => {
    await host.request('POST', '/v1/jobs', { id: 'slow', module: 'deaf', schedule: 'rate(1 day)' });
    for (const _ of [1, 2])
      expect(await runNow('slow')).toMatchObject({ state: 'timedOut', error: { message: 'The run took longer than its timeout of 1 s.' } });
  });

  it('refuses what a web page, or a rebound name, could send', async () => {
    const get = (headers: Record<string, string>) => fetch(`${host.url}/v1/jobs`, { headers }).then(({ status }) => status);
    expect([await get({ Origin: 'http://evil.example' }), await get({ 'Sec-Fetch-Site': 'cross-site' }), await get({})]).toEqual([
      403, 403, 200,
    ]);
  });

  it('names the process that has the port or the folder already', async () => {
    const samePort = new DevHost(project.root, Number(new URL(host.url).port), ['--data', '.other']);
    expect(await samePort.exited()).toBe(1);
    expect(samePort.output).toContain(`process ${await host.pid()}`);
    const sameFolder = new DevHost(project.root, await freePort());
    expect(await sameFolder.exited()).toBe(1);
    expect(sameFolder.output).toContain(`process ${await host.pid()}`);
    expect((await host.request('GET', '/v1/health')).status).toBe(200);
  });

  it.each([
    ['abandons', 'timedOut'],
    ['leaves', 'succeeded'],
  ])('records how a run of the module %s ended, whatever it leaves behind', async (id, state) => {
    await host.request('POST', '/v1/jobs', { id, schedule: 'rate(1 day)' });
    expect(await runNow(id)).toMatchObject({ state });
    await host.request('POST', '/v1/jobs', { id: `after-${id}`, module: 'heartbeat', schedule: 'rate(1 day)' });
    expect(await runNow(`after-${id}`)).toMatchObject({ state: 'succeeded' });
  });

  it.each([
    ['exits', 'process.exit(3) was called'],
    ['throws-later', 'nobody waits'],
    ['rejects-later', 'nobody waits'],
  ])('records at once that the module %s ended its process, and tries it again in another', async (id, message) => {
    await host.request('POST', '/v1/jobs', { id, schedule: 'rate(1 day)' });
    const { runId } = (await host.request('POST', `/v1/jobs/${id}/run`)).json;
    await host.prints(new RegExp(`RUN +${id} ${runId}`));
    const { json } = await host.request('GET', `/v1/jobs/${id}/runs/${runId}`);
    expect(json).toMatchObject({ state: 'succeeded', output: 'second', attempts: [{ state: 'failed', error: { message } }, {}] });
  });
});
