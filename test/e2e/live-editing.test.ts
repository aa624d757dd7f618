import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DevHost, freePort, makeProject } from '../support/project.ts';

const module = (says: string, waitMs = 0) => `import { defineModule } from 'carillon';
  import * as z from 'zod';
  export default defineModule({ description: '${says}', input: z.object({ name: z.string() }),
    async run({ name }, { log }) { log.info('started'); await new Promise((resolve) => setTimeout(resolve, ${waitMs})); return '${says} ' + name; } });`;

let project: Awaited<ReturnType<typeof makeProject>>;
let host: DevHost;
let builds = 0;

beforeAll(async () => {
  project = await makeProject({});
  host = new DevHost(project.root, await freePort());
  await host.prints(/^ready /m);
});
afterAll(async () => {
  await host.end('SIGTERM');
  await project.remove();
});

const file = (...path: string[]) => join(project.root, 'jobs', ...path);

/** Waits for the next build after a change; resolves to how long that took, in ms. */
async function built(change: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await change();
  builds += 1;
  await host.prints(new RegExp(`(built  jobs/[\\s\\S]*?){${builds}}`));
  return performance.now() - before;
}

it('takes a new module, changes to it and its .schedule, while attempts end on the code they began with', async () => {
  const took = await built(async () => {
    await mkdir(file('fresh'));
    await writeFile(file('fresh', 'index.ts'), module('hello', 1_500));
  });
  // The promise is two seconds; here the host shares two cores with other tests.
  expect(took).toBeLessThan(6_000);
  expect(await readFile(file('index.ts'), 'utf8')).toContain("'fresh': () => import('./fresh/index.ts')");
  const body = { id: 'job', module: 'fresh', schedule: 'rate(1 day)', input: { name: 'Ada' }, policies: { overlap: 'allow' } };
  expect((await host.request('POST', '/v1/jobs', { ...body, input: {} })).json.code).toBe('invalidInput');
  expect((await host.request('POST', '/v1/jobs', body)).status).toBe(201);

  const old = (await host.request('POST', '/v1/jobs/job/run')).json.runId;
  await host.prints(/job .* started/);
  await built(() => writeFile(file('fresh', 'index.ts'), module('goodbye')));
  const young = (await host.request('POST', '/v1/jobs/job/run')).json.runId;
  for (const [runId, output] of [
    [old, 'hello Ada'],
    [young, 'goodbye Ada'],
  ]) {
    await host.prints(new RegExp(`RUN +job ${runId}`));
    expect((await host.request('GET', `/v1/jobs/job/runs/${runId}`)).json.output).toBe(output);
  }

  expect((await host.request('POST', '/v1/jobs', { ...body, id: 'filed', schedule: undefined, fromFile: true })).json.code).toBe(
    'noScheduleFile',
  );
  await built(() => writeFile(file('fresh', '.schedule'), 'Often\nseconds=30\n'));
  const filed = await host.request('POST', '/v1/jobs', { id: 'filed', module: 'fresh', fromFile: true, input: { name: 'Bob' } });
  expect([filed.status, filed.json.runFrequency]).toEqual([201, 'Every 30 seconds']);
});

it('keeps the last good build when a change breaks it, and says what is wrong', async () => {
  await writeFile(file('fresh', 'index.ts'), 'export default {{');
  await host.prints(/jobs\/ cannot be built[\s\S]*jobs\/fresh\/index\.ts:1:/);
  const { runId } = (await host.request('POST', '/v1/jobs/job/run')).json;
  await host.prints(new RegExp(`RUN +job ${runId}`));
  await built(() => writeFile(file('fresh', 'index.ts'), module('again')));
  await writeFile(file('fresh', '.schedule'), 'seconds=30\nhour=5\n');
  await host.prints(/jobs\/fresh\/\.schedule: line 2: hour is no key/);
  await built(() => rm(file('fresh', '.schedule')));
  await built(() => rm(file('fresh'), { recursive: true }));
  expect((await host.request('GET', '/v1/jobs/job')).json.problem).toBe('unknownModule');
});

it('keeps the jobs that modules declare in line with them', async () => {
  const declaring = (jobs: string) => `import { defineModule } from 'carillon';
    export default defineModule({ description: 'declares', ${jobs} run: () => 'done' });`;
  await built(async () => {
    await mkdir(file('declaring'));
    await writeFile(file('declaring', 'index.ts'), declaring("jobs: { weekly: { schedule: 'cron(0 8 ? * MON *)' } },"));
  });
  await host.prints(/weekly \(declared\): create/);
  expect((await host.request('GET', '/v1/jobs/weekly')).json).toMatchObject({ module: 'declaring', source: 'code', set: 'code', rev: 1 });
  await built(() => writeFile(file('declaring', 'index.ts'), declaring('')));
  await host.prints(/weekly \(declared\): delete/);
  expect((await host.request('GET', '/v1/jobs/weekly')).status).toBe(404);
  // What nobody declared is left alone.
  expect((await host.request('GET', '/v1/jobs/job')).status).toBe(200);
});
