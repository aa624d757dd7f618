import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { world } from '../../support/world.ts';

/** How many schemas are made while something is done: zod makes each with `init` of its core. */
async function schemasMadeBy(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const core = result.filter(({ url }) => /\/zod\/v4\/core\/core\.c?js$/.test(url)).flatMap(({ functions }) => functions);
  return core.filter(({ functionName }) => functionName === 'init').reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
}

it('no request and no run makes a schema', async () => {
  const w = world();
  const body = { module: 'greet', schedule: 'rate(1 minute)', input: { name: 'Ada' } };
  expect((await w.request('POST', '/v1/jobs', { ...body, id: 'first' })).status).toBe(201);
  await w.live(120_000);
  const requests = async () => {
    expect((await w.request('POST', '/v1/jobs', { ...body, id: 'second' })).status).toBe(201);
    expect((await w.request('PATCH', '/v1/jobs/second', { description: 'x' })).status).toBe(200);
    expect((await w.request('GET', '/v1/jobs?include=outcomes')).json.jobs).toHaveLength(2);
    expect((await w.request('GET', '/v1/jobs/first/runs')).json.runs.length).toBeGreaterThan(0);
    expect((await w.request('POST', '/v1/jobs', { id: 'third' })).status).toBe(400);
    await w.live(60_000);
  };
  expect(await schemasMadeBy(requests)).toBe(0);
  // That it would be seen.
  expect(await schemasMadeBy(() => z.object({ name: z.string() }))).toBeGreaterThan(0);
});
