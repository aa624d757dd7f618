import { expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Of each policy. */
const JOBS = 60;
/** What docs/guarantees.md promises. */
const STARTS_A_SECOND = 20;

it('nothing ticks for 14 hours: catchUp latest, all and none do what they say, and starts are paced', async () => {
  const w = world();
  await w.reconcile();
  const started: number[] = [];
  const { claim } = w.runs;
  w.runs.claim = (run) => {
    started.push(run.startedAt);
    return claim(run);
  };
  for (const run of ['latest', 'all', 'none'] as const) {
    for (let n = 0; n < JOBS; n++) {
      const policies = { catchUp: { run, within: '24h' } };
      await w.request('POST', '/v1/jobs', { id: `${run}-${n}`, module: 'noop', schedule: `cron(${n} * * * ? *)`, policies });
    }
  }
  await w.live(10 * SECOND);
  w.engine.schedules.clear();
  w.queue.sent.length = 0;
  started.length = 0;
  await w.clock.advance(14 * HOUR);

  const pass = await w.reconcile();
  expect(pass).toMatchObject({ repaired: 3 * JOBS, failed: 0, walk: 'done' });
  await w.live(5 * MINUTE);
  const perSecond = new Map<number, number>();
  for (const at of started) perSecond.set(Math.floor(at / SECOND), (perSecond.get(Math.floor(at / SECOND)) ?? 0) + 1);
  // What falls due on time in these five minutes comes on top: three jobs a minute.
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(STARTS_A_SECOND + 3);

  for (let n = 0; n < JOBS; n++) {
    const of = async (run: string) => {
      const { runs } = (await w.request('GET', `/v1/jobs/${run}-${n}/runs?limit=100`)).json;
      const late = runs.filter((one: { late: boolean }) => one.late);
      const missed = runs.filter((one: { missed?: unknown }) => one.missed).map((one: { missed: { count: number } }) => one.missed.count);
      return { late: late.length, succeeded: late.every((one: { state: string }) => one.state === 'succeeded'), missed };
    };
    // Each was due 14 times; the latest of a job that is due at the end itself may still be on time.
    const due = (await of('none')).missed[0];
    expect(due).toBeGreaterThanOrEqual(13);
    expect(await of('none')).toEqual({ late: 0, succeeded: true, missed: [due] });
    expect(await of('all')).toEqual({ late: due, succeeded: true, missed: [] });
    // What fell due ten seconds ago, or does in these five minutes, is later than the late one, which then is not the latest.
    const isDueAgain = n <= 5;
    const latest = await of('latest');
    expect([latest.late + latest.missed.reduce((sum: number, count: number) => sum + count, 0), latest.succeeded]).toEqual([due, true]);
    if (!isDueAgain) expect(latest.late).toBe(1);
  }
  expect(await w.reconcile({ restarted: false })).toMatchObject({ gaps: 0, repaired: 0, failed: 0 });
}, 60_000);

it('what one pass may not send for is left to the next ones', async () => {
  const w = world();
  await w.reconcile();
  const policies = { catchUp: { run: 'all', within: '24h' }, overlap: 'allow' };
  for (let n = 0; n < 200; n++)
    await w.request('POST', '/v1/jobs', { id: `job-${n}`, module: 'noop', schedule: 'cron(0/10 * * * ? *)', policies });
  w.engine.schedules.clear();
  w.queue.sent.length = 0;
  await w.clock.advance(20 * HOUR);
  // 200 jobs, the newest hundred of each: 20,000, and the longest delay of the queue is 900 s.
  const pass = await w.reconcile();
  expect(pass.failed).toBeGreaterThan(0);
  expect(Math.max(...w.queue.sent.map(({ delaySeconds }) => delaySeconds))).toBeLessThanOrEqual(900);
  expect(w.queue.sent.length).toBeLessThanOrEqual(901 * STARTS_A_SECOND);
});
