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

async function start(data: string): Promise<DevHost> {
  const host = new DevHost(project.root, await freePort(), ['--data', data]);
  await host.prints(/^ready /m);
  return host;
}

/** Resolves when the clock shows that instant. */
const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));

it('keeps 200 mixed jobs through a kill -9, fires on, and answers for what fell due meanwhile', async () => {
  const first = await start('mixed');
  const ids = Array.from({ length: 200 }, (_, index) => `job-${String(index).padStart(3, '0')}`);
  const kindOf = (id: string) => ['at', 'minutes', 'cron', 'seconds'][Number(id.slice(4)) % 4];
  const ofKind = (kind: string) => ids.filter((id) => kindOf(id) === kind);
  const at = Math.ceil(Date.now() / 1000) * 1000 + 14_000;
  const schedules = {
    at: { type: 'at', at: new Date(at).toISOString().slice(0, 19) },
    minutes: 'rate(1 minute)',
    cron: '0 8 * * 1-5',
    seconds: { type: 'rate', seconds: 10 },
  } as Record<string, unknown>;
  for (let from = 0; from < ids.length; from += 20) {
    const created = await Promise.all(
      ids
        .slice(from, from + 20)
        .map((id) => first.request('POST', '/v1/jobs', { id, module: 'heartbeat', schedule: schedules[kindOf(id) ?? ''] })),
    );
    expect(created.map(({ status }) => status)).toEqual(created.map(() => 201));
  }
  await first.request('POST', '/v1/jobs', { id: 'under-way', module: 'sleeper', schedule: 'rate(1 day)' });
  const { runId } = (await first.request('POST', '/v1/jobs/under-way/run')).json;
  await first.prints(/sleeping/);
  await until(at - 2_000);
  await first.end('SIGKILL');
  await until(at + 3_000);

  const second = await start('mixed');
  const { json } = await second.request('GET', '/v1/jobs?limit=500');
  expect(json.total).toBe(201);
  expect(json.jobs.map(({ id }: { id: string }) => id)).toEqual([...ids, 'under-way']);
  await second.prints(/reconciled: .*crashes/);
  expect((await second.request('GET', `/v1/jobs/under-way/runs/${runId}`)).json).toMatchObject({ state: 'failed', reason: 'crashed' });
  expect((await second.request('POST', '/v1/jobs/under-way/run')).status).toBe(202);
  await second.prints(/sleeping/);
  for (const id of ofKind('at')) await second.prints(new RegExp(`RUN +${id} `));
  for (const id of ofKind('at')) {
    const { runs } = (await second.request('GET', `/v1/jobs/${id}/runs`)).json;
    expect(runs).toMatchObject([{ dueAt: new Date(at).toISOString().replace('.000Z', 'Z'), state: 'succeeded', late: false }]);
    expect((await second.request('GET', `/v1/jobs/${id}`)).json.state).toBe('completed');
  }
  // Every due time of the 10-second jobs has one record, those of the outage and those after it.
  await until(Math.ceil(Date.now() / 10_000) * 10_000 + 11_000);
  for (const id of ofKind('seconds')) {
    const { runs } = (await second.request('GET', `/v1/jobs/${id}/runs`)).json;
    const due = runs.map((run: { dueAt: string }) => Date.parse(run.dueAt)).toReversed();
    expect(due.length).toBeGreaterThanOrEqual(3);
    expect(due).toEqual(due.map((_: number, n: number) => due[0] + n * 10_000));
    expect(Date.now() - due.at(-1)).toBeLessThan(12_000);
  }
  await second.end('SIGTERM');
}, 120_000);

it.each(['SIGTERM', 'SIGINT'] as const)('ends within two seconds of a %s to npm, a run under way or not', async (signal) => {
  const host = await start(signal);
  await host.request('POST', '/v1/jobs', { id: `slow-${signal}`, module: 'sleeper', schedule: 'rate(1 day)' });
  await host.request('POST', `/v1/jobs/slow-${signal}/run`);
  await host.prints(/sleeping/);
  expect((await host.end(signal)).ms).toBeLessThan(3_000);
});
