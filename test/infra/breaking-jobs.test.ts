import { expect, it } from 'vitest';
import * as z from 'zod';
import { defineModule, type ModuleDefinition } from '../../core/define-module.ts';
import { breakingJobs } from '../../infra/breaking-jobs.ts';
import { memoryModules } from '../../testing/memory-modules.ts';
import { apiClient } from '../support/api-server.ts';

const noop = defineModule({ description: 'does nothing', run: () => undefined });
const greet = (input: z.ZodType) => defineModule({ description: 'greets', input, run: () => undefined }) as ModuleDefinition;
const asItIs = z.object({ name: z.string(), times: z.int().min(1).default(1) });

async function stage() {
  const { client, w, seen } = await apiClient();
  for (const [id, module, input] of [
    ['a', 'noop', undefined],
    ['b', 'greet', { name: 'Ada' }],
    ['c', 'greet', { name: 'Bob', times: 3 }],
    ['d', 'broken', undefined],
  ] as const)
    await w.request('POST', '/v1/jobs', { id, module, schedule: 'rate(1 hour)', ...(input && { input }) });
  return { client, seen };
}

it('finds jobs whose module would be gone or take their input no more, and no others', async () => {
  const { client } = await stage();
  const stricter = memoryModules({ noop, greet: greet(z.object({ name: z.string(), times: z.int().max(2).default(1) })) });
  expect(await breakingJobs(client, stricter)).toEqual([
    { id: 'c', why: expect.stringContaining('/input/times') },
    { id: 'd', why: 'its module broken would be gone' },
  ]);
});

it('reads no job where no schema changes, and finds none', async () => {
  const { client, seen } = await stage();
  const same = memoryModules({ noop, greet: greet(asItIs), broken: noop });
  expect(await breakingJobs(client, same)).toEqual([]);
  expect(seen.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(['/v1/modules', '/v1/jobs']);
});

it('takes a secret that is stored for one that fits', async () => {
  const { client } = await stage();
  const secret = z.object({ name: z.string().min(2).meta({ secret: true }), times: z.int().optional() });
  expect(await breakingJobs(client, memoryModules({ noop, greet: greet(secret), broken: noop }))).toEqual([]);
});
