import { afterAll, beforeAll, expect, it } from 'vitest';
import { DevHost, freePort, makeProject } from '../support/project.ts';

let project: Awaited<ReturnType<typeof makeProject>>;
beforeAll(async () => {
  project = await makeProject({
    sleeper: `import { defineModule } from 'carillon';
      export default defineModule({ description: 'sleeps', run: (_input, { log }) => { log.info('sleeping'); return new Promise(() => setInterval(() => {}, 1000)); } });`,
  });
});
afterAll(() => project.remove());

async function start(): Promise<DevHost> {
  const host = new DevHost(project.root, await freePort());
  await host.prints(/^ready /m);
  return host;
}

it('keeps 200 jobs through a kill -9, and they fire on', async () => {
  const first = await start();
  const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 15_000).toISOString().slice(0, 19);
  const ids = Array.from({ length: 200 }, (_, index) => `job-${String(index).padStart(3, '0')}`);
  for (let from = 0; from < ids.length; from += 20) {
    const created = await Promise.all(
      ids.slice(from, from + 20).map((id, index) =>
        first.request('POST', '/v1/jobs', {
          id,
          module: 'heartbeat',
          schedule: index % 4 === 0 ? `at(${at})` : index % 4 === 1 ? 'rate(1 minute)' : 'cron(0 8 ? * MON-FRI *)',
        }),
      ),
    );
    expect(created.map(({ status }) => status)).toEqual(created.map(() => 201));
  }
  await first.end('SIGKILL');

  const second = await start();
  const { json } = await second.request('GET', '/v1/jobs?limit=500');
  expect(json.total).toBe(200);
  expect(json.jobs.map(({ id }: { id: string }) => id)).toEqual(ids);
  const due = ids.filter((_, index) => (index % 20) % 4 === 0);
  for (const id of due) await second.prints(new RegExp(`RUN +${id} `));
  for (const id of due) {
    const { runs } = (await second.request('GET', `/v1/jobs/${id}/runs`)).json;
    expect(runs).toMatchObject([{ dueAt: `${at}Z`, state: 'succeeded' }]);
  }
  await second.end('SIGTERM');
}, 90_000);

it.each(['SIGTERM', 'SIGINT'] as const)('ends within two seconds of a %s to npm, a run under way or not', async (signal) => {
  const host = await start();
  await host.request('POST', '/v1/jobs', { id: `slow-${signal}`, module: 'sleeper', schedule: 'rate(1 day)' });
  await host.request('POST', `/v1/jobs/slow-${signal}/run`);
  await host.prints(/sleeping/);
  expect((await host.end(signal)).ms).toBeLessThan(2_000);
});
