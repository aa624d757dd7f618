import { describe, expect, it } from 'vitest';
import { NOTHING, world } from '../../support/world.ts';

const hourly = { id: 'hourly', module: 'noop', schedule: 'rate(1 hour)' };

describe('reconcile', () => {
  it('makes the schedules that are gone, with a first tick that EventBridge takes, and then has nothing to do', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', hourly);
    await w.request('POST', '/v1/jobs', { id: 'once', module: 'noop', schedule: 'at(2027-01-01T00:30:00)' });
    await w.clock.advance(5 * 3_600_000 + 1_000);
    w.engine.schedules.clear();
    expect(await w.reconcile()).toEqual({ ...NOTHING, repaired: 1, gaps: 6 });
    const [schedule] = w.engine.schedules.values();
    expect(schedule).toMatchObject({ payload: { jobId: 'hourly' }, start: Date.parse('2027-01-01T06:00:00Z') });
    expect(await w.reconcile({ restarted: false })).toEqual(NOTHING);
  });

  it('finishes an old intent with a new first tick, and does not make an at fire that is over', async () => {
    const w = world();
    w.engine.answers.push({ is: 'retry', reason: 'down' }, { is: 'retry', reason: 'down' });
    await w.request('POST', '/v1/jobs', hourly);
    await w.request('POST', '/v1/jobs', { id: 'once', module: 'noop', schedule: 'at(2027-01-01T00:30:00)' });
    await w.clock.advance(5 * 3_600_000);
    expect(await w.reconcile()).toMatchObject({ intents: 2, failed: 0 });
    expect([...w.engine.schedules.values()]).toMatchObject([{ payload: { jobId: 'hourly' }, start: Date.parse('2027-01-01T06:00:00Z') }]);
    expect(await w.jobs.pending(w.clock.now(), 10)).toEqual([]);
  });

  it('leaves alone what may still be under way', async () => {
    const w = world();
    w.engine.answers.push({ is: 'retry', reason: 'down' });
    await w.request('POST', '/v1/jobs', hourly);
    expect(await w.reconcile({ settledForMs: 60_000, restarted: false })).toMatchObject({ intents: 0 });
    await w.clock.advance(60_000);
    expect(await w.reconcile({ settledForMs: 60_000, restarted: false })).toMatchObject({ intents: 1 });
  });

  it('goes on when one of them fails', async () => {
    const w = world();
    for (const id of ['a', 'b', 'c']) await w.request('POST', '/v1/jobs', { ...hourly, id });
    w.engine.schedules.clear();
    const { compare } = w.engine;
    w.engine.compare = (schedule) =>
      schedule.name.startsWith('b.') ? Promise.reject(new Error('throttled')) : compare.call(w.engine, schedule);
    expect(await w.reconcile()).toMatchObject({ repaired: 2, failed: 1 });
  });

  it('works through more than a page of intents', async () => {
    const w = world();
    for (let n = 0; n < 230; n++) {
      w.engine.answers.push({ is: 'retry', reason: 'down' });
      await w.request('POST', '/v1/jobs', { ...hourly, id: `job-${n}` });
    }
    expect(await w.reconcile()).toEqual({ ...NOTHING, intents: 230 });
    expect(w.engine.schedules.size).toBe(230);
  });

  it('takes back the runs of a job that is gone', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', hourly);
    await w.request('POST', '/v1/jobs/hourly/run');
    await w.request('DELETE', '/v1/jobs/hourly');
    expect(await w.deliverQueued()).toMatchObject({ is: 'recorded', run: { state: 'cancelled', message: 'Its job was deleted.' } });
    expect(await w.runs.waiting(w.clock.now(), 10)).toEqual([]);
  });
});

describe('a delete while a create is still on its way', () => {
  it('leaves no schedule behind', async () => {
    const w = world();
    const { put } = w.engine;
    let land: () => Promise<unknown> = async () => undefined;
    w.engine.put = (schedule) => {
      land = () => put.call(w.engine, schedule);
      return Promise.resolve({ is: 'retry', reason: 'no answer yet' });
    };
    await w.request('POST', '/v1/jobs', hourly);
    expect((await w.request('DELETE', '/v1/jobs/hourly')).status).toBe(204);
    await land();
    expect(w.engine.schedules.size).toBe(1);
    await w.clock.advance(60_000);
    await w.reconcile({ settledForMs: 60_000, restarted: false });
    expect(w.engine.schedules.size).toBe(0);
    expect((await w.request('GET', '/v1/jobs/hourly')).status).toBe(404);
  });
});
