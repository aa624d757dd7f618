import { runModule } from 'carillon/testing';
import { expect, it } from 'vitest';
import module from './index.ts';

it('greets', async () => {
  const run = await runModule(module, { name: 'Ada' }, { dueAt: '2027-01-04T07:00:00Z' });
  expect(run).toMatchObject({ state: 'succeeded', output: { greeted: 'Ada' } });
});
