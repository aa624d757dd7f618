import { runModule, simulate } from 'carillon/testing';
import { afterEach, expect, it, vi } from 'vitest';
import heartbeat from './index.ts';

afterEach(() => vi.useRealTimers());

it('says how late it is', async () => {
  vi.setSystemTime('2027-01-04T07:00:00.250Z');
  const run = await runModule(heartbeat, undefined, { dueAt: '2027-01-04T07:00:00Z' });
  expect(run).toMatchObject({ state: 'succeeded', output: { latenessMs: 250 } });
  expect(run.log).toMatchObject([{ level: 'info', message: 'still beating', fields: { job: 'job' } }]);
});

it('leaves out 02:30 in the night when clocks go forward', async () => {
  const { runs, jobs } = await simulate({
    modules: { heartbeat },
    jobs: [{ id: 'heartbeat', schedule: '30 2 * * *', timezone: 'Europe/Berlin' }],
    from: '2027-03-27T00:00:00Z',
    to: '2027-03-30T00:00:00Z',
  });
  expect(runs.map(({ dueAt }) => dueAt)).toEqual(['2027-03-27T01:30:00Z', '2027-03-29T00:30:00Z']);
  expect(runs.map(({ output }) => output)).toEqual([{ latenessMs: 0 }, { latenessMs: 0 }]);
  expect(jobs[0]?.nextRun).toBe('2027-03-30T00:30:00Z');
});
