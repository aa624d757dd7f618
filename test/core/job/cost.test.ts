import { describe, expect, it } from 'vitest';
import { costForecast } from '../../../core/job/cost.ts';
import { effectivePolicies } from '../../../core/job/policies.ts';
import { timing } from '../../support/timing.ts';
import { world } from '../../support/world.ts';

const now = Date.parse('2027-01-01T00:00:00Z');
const month = (expression: string, overlap: 'skip' | 'allow' = 'skip', durationMs?: number) =>
  costForecast(timing(expression), effectivePolicies({ overlap }, undefined), durationMs, now);

describe('what a job is going to cost', () => {
  it.each([
    // A million runs: ticks 1.00, invocations 0.20, 0.1 GB-s 1.33, 2 or 4 write units 1.25 or 2.50, 1.5 read units 0.19, logs 0.50.
    ['every minute, allowed to overlap', month('cron(* * * * ? *)', 'allow'), 43_200, 4.47],
    ['every minute', month('cron(* * * * ? *)'), 43_200, 5.72],
    // Each through the queue 0.84; a tick and an invocation a minute.
    ['every second', month('rate(1 second)'), 2_592_000, 5.58],
    ['every hour, two seconds long', month('cron(0 * * * ? *)', 'skip', 2_000), 720, 17.72],
    // Six minutes a tick: 7,200 ticks and their invocations.
    ['a little more than an hour', month('rate(3601 seconds)'), 719, 17.58],
    ['once', month('at(2027-01-05T09:00:00)'), 1, 5.72],
    ['not within the month', month('at(2028-01-05T09:00:00)'), 0, 0],
  ])('%s', (_, { runsPerMonth, usdPerMonth }, runs, usdOfMillion) => {
    expect(runsPerMonth).toBe(runs);
    expect(usdPerMonth).toBeCloseTo((runs / 1e6) * usdOfMillion, runs > 1e6 ? 1 : 3);
  });

  it('is told with the job, at the time that its last run took', async () => {
    const w = world();
    const created = await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', schedule: 'rate(1 hour)' });
    expect(created.json.cost).toEqual({ runsPerMonth: 720, usdPerMonth: 0.0041, durationMs: 200 });
    await w.live(3_600_000);
    expect((await w.request('GET', '/v1/jobs/job')).json.cost).toMatchObject({ durationMs: 0 });
  });
});
