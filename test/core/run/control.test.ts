import { describe, expect, it } from 'vitest';
import { worldWithJob } from '../../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('cancel', () => {
  it('ends a run that waits at once', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 3, backoff: '15m' } } });
    await w.live(30 * MINUTE);
    const { status, json } = await w.request('POST', '/v1/jobs/job/runs/20270101T003000Z/cancel');
    expect([status, json.state, json.message]).toEqual([200, 'cancelled', 'It was cancelled before attempt 2.']);
    await w.live(20 * MINUTE);
    expect(await w.runView('20270101T003000Z')).toMatchObject({ state: 'cancelled', attempts: [{ attempt: 1, state: 'failed' }] });
  });

  it('reaches a running module within five seconds, and its process ends if it does not listen', async () => {
    for (const module of ['obedient', 'deaf']) {
      const w = await worldWithJob(module, { policies: { timeout: '10m' } });
      await w.live(30 * MINUTE + 7 * SECOND);
      const { status, json } = await w.request('POST', '/v1/jobs/job/runs/20270101T003000Z/cancel');
      expect([status, json.state, json.cancelRequestedAt]).toEqual([202, 'running', '2027-01-01T00:30:07Z']);
      await w.live(7 * SECOND);
      const ended = await w.runView('20270101T003000Z');
      expect(ended).toMatchObject({ state: 'cancelled', message: 'It was cancelled while it ran.' });
      expect(Date.parse(ended.endedAt)).toBeLessThanOrEqual(Date.parse('2027-01-01T00:30:14Z'));
      expect(w.aborted).toHaveLength(module === 'deaf' ? 1 : 0);
    }
  });

  it('leaves no further attempt, though the module failed before it heard', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 3 } } });
    const { load } = w.catalog;
    // It is cancelled between its claim and its failure.
    w.runner.modules.load = async (name) => {
      const { uid } = (await w.jobs.get('job' as never)) ?? {};
      await w.runs.cancel(uid as never, '20270101T003000Z' as never, w.clock.now());
      return load(name);
    };
    await w.live(30 * MINUTE);
    expect(await w.runView('20270101T003000Z')).toMatchObject({ state: 'cancelled', attempt: 1 });
  });

  it('of what has ended is refused, and of what never was', async () => {
    const w = await worldWithJob('noop');
    await w.live(30 * MINUTE);
    expect((await w.request('POST', '/v1/jobs/job/runs/20270101T003000Z/cancel')).json).toMatchObject({ status: 409, code: 'ended' });
    expect((await w.request('POST', '/v1/jobs/job/runs/20270101T004000Z/cancel')).json).toMatchObject({ status: 404, code: 'unknownRun' });
  });
});

describe('retry of a run', () => {
  it('is a new run for the same due time and with the same input', async () => {
    const w = await worldWithJob('greet', { input: { name: 'Ada' } });
    const first = (await w.request('POST', '/v1/jobs/job/run', { input: { name: 'Bob' } })).json.runId;
    expect((await w.request('POST', `/v1/jobs/job/runs/${first}/retry`)).json).toMatchObject({ status: 409, code: 'notEnded' });
    await w.live(MINUTE);
    const { status, json } = await w.request('POST', `/v1/jobs/job/runs/${first}/retry`);
    expect([status, json.runId === first]).toEqual([202, false]);
    await w.live(MINUTE);
    expect(await w.runView(json.runId)).toMatchObject({
      state: 'succeeded',
      trigger: 'retry',
      retryOf: first,
      dueAt: '2027-01-01T00:00:00Z',
      output: 'hello Bob',
    });
  });
});

describe('hold and release', () => {
  it('skips what is due with its reason, keeps the API up, and goes on with what had begun', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 2, backoff: '1s' } } });
    await w.live(30 * MINUTE - SECOND);
    const held = await w.request('POST', '/v1/hold', { reason: 'migration' });
    expect([held.status, held.json]).toEqual([200, { held: { reason: 'migration', since: '2027-01-01T00:29:59Z' } }]);
    const asked = (await w.request('POST', '/v1/jobs/job/run')).json.runId;
    await w.live(MINUTE);
    expect(await w.runView('20270101T003000Z')).toMatchObject({
      state: 'skipped',
      reason: 'held',
      message: 'The stage was held: migration',
    });
    expect(await w.runView(asked)).toMatchObject({ state: 'skipped', reason: 'held' });
    expect((await w.request('GET', '/v1/health')).json.held).toMatchObject({ reason: 'migration' });
    expect((await w.request('POST', '/v1/release')).json).toEqual({ held: null });
    await w.live(30 * MINUTE);
    expect((await w.runsOf('job')).at(-1)).toMatchObject({ dueAt: '2027-01-01T01:00:00Z', attempt: 2 });
  });

  it('a retry waits until the stage is released', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 2, backoff: '1s' } } });
    await w.live(30 * MINUTE);
    await w.request('POST', '/v1/hold');
    await w.live(5 * MINUTE);
    expect((await w.runsOf('job'))[0]).toMatchObject({ state: 'waiting', reason: 'retry' });
    await w.request('POST', '/v1/release');
    await w.live(7 * SECOND);
    expect((await w.runsOf('job'))[0]).toMatchObject({ state: 'failed', attempt: 2 });
  });
});

describe('a module that is gone, or takes other input now', () => {
  it('is a problem of its jobs and a record of each run, and nothing else fails', async () => {
    const w = await worldWithJob('greet', { input: { name: 'Ada' } });
    const other = await w.request('POST', '/v1/jobs', { id: 'other', module: 'noop', schedule: 'cron(0/30 * * * ? *)' });
    expect(other.status).toBe(201);
    const { find, names, load } = w.catalog;
    w.catalog.find = async (name) => (name === 'greet' ? undefined : find(name));
    w.catalog.names = async () => (await names()).filter((name) => name !== 'greet');
    w.runner.modules.load = async (name) => (name === 'greet' ? undefined : load(name));
    expect((await w.request('GET', '/v1/jobs/job')).json.problem).toBe('unknownModule');
    expect((await w.request('GET', '/v1/jobs')).json.jobs.map(({ id, problem }: Record<string, unknown>) => [id, problem])).toEqual([
      ['job', 'unknownModule'],
      ['other', null],
    ]);
    await w.live(50 * MINUTE);
    expect((await w.runsOf('job'))[0]).toMatchObject({ state: 'failed', reason: 'unknownModule' });
    expect((await w.request('GET', '/v1/jobs/other')).json.lastRun.state).toBe('succeeded');
    w.catalog.find = async (name) => {
      const module = await find(name);
      const input = { type: 'object', properties: { address: { type: 'string' } }, required: ['address'], additionalProperties: false };
      return module && name === 'greet' ? { ...module, input } : module;
    };
    expect((await w.request('GET', '/v1/jobs/job')).json.problem).toBe('invalidInput');
  });
});
