import { describe, expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const hourly = { id: 'job', module: 'noop', schedule: 'rate(1 hour)' };

async function created(body: object = hourly) {
  const w = world();
  const { status, json } = await w.request('POST', '/v1/jobs', body);
  expect(status, JSON.stringify(json)).toBe(201);
  w.queue.sent.length = 0;
  return { ...w, schedule: () => [...w.engine.schedules.values()][0] };
}

describe('PUT /v1/jobs/{id}', () => {
  it('creates a job, then replaces its definition as a whole', async () => {
    const w = world();
    const first = await w.request('PUT', '/v1/jobs/job', { module: 'noop', schedule: 'rate(1 hour)', description: 'told', tags: ['a'] });
    expect([first.status, first.headers.get('Location'), first.headers.get('ETag')]).toEqual([201, '/v1/jobs/job', '"1"']);
    const second = await w.request('PUT', '/v1/jobs/job', { module: 'noop', schedule: '0 8 * * 1-5', timezone: 'Europe/Berlin' });
    expect([second.status, second.headers.get('ETag')]).toEqual([200, '"2"']);
    expect(second.json).toMatchObject({
      rev: 2,
      schedule: '0 8 * * 1-5',
      expression: 'cron(0 8 ? * MON-FRI *)',
      description: null,
      tags: [],
      createdAt: first.json.createdAt,
    });
    expect([...w.engine.schedules.values()]).toMatchObject([{ expression: 'cron(0 8 ? * MON-FRI *)', payload: { timing: 2 } }]);
  });

  it('a hundred at once end in one job and one schedule, and each has a revision of its own', async () => {
    const w = world();
    const put = (n: number) => w.request('PUT', '/v1/jobs/same', { module: 'noop', schedule: `rate(${n + 2} hours)` });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => put(n)));
    expect(answers.map(({ json }) => json.rev).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const newest = answers.find(({ json }) => json.rev === 100)?.json;
    await w.live(60_000);
    await w.reconcile();
    expect([...w.engine.schedules.values()]).toMatchObject([{ expression: newest?.expression, payload: { timing: 100 } }]);
  });

  it('is of the set code only where its module declares it', async () => {
    const w = world();
    const named = { module: 'noop', schedule: 'rate(1 hour)', set: 'code' };
    expect((await w.request('POST', '/v1/jobs', { id: 'job', ...named })).json).toMatchObject({
      status: 400,
      code: 'malformed',
      detail: expect.stringContaining('"noop" declares no "job"'),
    });
    await w.request('POST', '/v1/jobs', { id: 'job', ...named, set: 'mine' });
    expect((await w.request('PATCH', '/v1/jobs/job', { set: 'code' })).status).toBe(400);
    expect((await w.request('PUT', '/v1/jobs/job', named)).status).toBe(400);
    expect((await w.request('GET', '/v1/jobs/job')).json).toMatchObject({ set: 'mine', source: 'api', rev: 1 });
  });

  it('changes nothing when nothing changes, and needs no EventBridge for texts', async () => {
    const w = await created();
    expect((await w.request('PUT', '/v1/jobs/job', { module: 'noop', schedule: 'rate(1 hour)' })).json.rev).toBe(1);
    w.engine.answers.push({ is: 'retry', reason: 'it must not be asked' });
    const { json } = await w.request('PUT', '/v1/jobs/job', { module: 'noop', schedule: 'rate(1 hour)', description: 'new' });
    expect(json).toMatchObject({ rev: 2, problem: null, description: 'new' });
    expect(w.engine.answers).toHaveLength(1);
    expect(w.schedule()?.payload.timing).toBe(1);
  });

  it('keeps the grid of a rate whose schedule and start stay, and begins a new one when they change', async () => {
    const w = await created();
    await w.clock.advance(25 * 60_000);
    const zoned = await w.request('PATCH', '/v1/jobs/job', { end: '2027-02-01T00:00:00Z' });
    expect(zoned.json.nextRun).toBe('2027-01-01T01:00:00Z');
    expect(w.schedule()).toMatchObject({ start: Date.parse('2027-01-01T01:00:00Z'), payload: { timing: 2 } });
    const faster = await w.request('PATCH', '/v1/jobs/job', { schedule: 'rate(30 minutes)' });
    expect(faster.json.nextRun).toBe('2027-01-01T00:55:00Z');
  });

  it.each([
    ['another id in the body', { id: 'other', schedule: 'rate(1 hour)', module: 'noop' }, 422, 'invalidId'],
    ['no schedule', { module: 'noop' }, 400, 'malformed'],
    ['a schedule and a file', { module: 'greet', schedule: 'rate(1 hour)', fromFile: true }, 400, 'malformed'],
    ['a date that never comes', { module: 'noop', schedule: { type: 'cron', month: 2, day: 30 } }, 422, 'neverFires'],
    ['an unknown member', { module: 'noop', schedule: 'rate(1 hour)', sources: 'x' }, 422, 'unknownMember'],
  ])('refuses %s, and leaves the job as it is', async (_, body, status, code) => {
    const w = await created();
    const answer = await w.request('PUT', '/v1/jobs/job', body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect((await w.request('GET', '/v1/jobs/job')).json.rev).toBe(1);
  });
});

describe('PATCH /v1/jobs/{id}', () => {
  it('merges input and policies, replaces a schedule, and takes null for the default', async () => {
    const w = await created({
      id: 'job',
      module: 'greet',
      schedule: { type: 'rate', hours: 1 },
      input: { name: 'Ada', times: 2 },
      policies: { timeout: '5s', catchUp: { run: 'all' } },
      tags: ['a'],
    });
    const { json } = await w.request('PATCH', '/v1/jobs/job', {
      input: { times: 3 },
      policies: { catchUp: { within: '2h' }, timeout: null },
      schedule: { type: 'cron', hour: 9 },
      tags: null,
    });
    expect(json).toMatchObject({
      rev: 2,
      input: { name: 'Ada', times: 3 },
      policies: { timeout: '10s', catchUp: { within: '2h', run: 'all' } },
      schedule: { type: 'cron', hour: 9 },
      expression: 'cron(0 9 * * ? *)',
      tags: [],
    });
  });

  it('takes the schedule of the file', async () => {
    const w = await created({ id: 'job', module: 'greet', schedule: 'rate(1 hour)', input: { name: 'Ada' } });
    expect((await w.request('PATCH', '/v1/jobs/job', { fromFile: true })).json.runFrequency).toBe('Every 30 seconds');
  });

  it('is refused for a job that is not there, and for what it would make of it', async () => {
    const w = await created();
    expect((await w.request('PATCH', '/v1/jobs/none', { tags: [] })).status).toBe(404);
    for (const policies of [{ timeot: null }, { catchUp: { withn: null } }])
      expect((await w.request('PATCH', '/v1/jobs/job', { policies })).json.code).toBe('unknownMember');
    const { status, json } = await w.request('PATCH', '/v1/jobs/job', { policies: { timeot: '1s' } });
    expect([status, json.errors[0]]).toEqual([422, expect.objectContaining({ pointer: '/policies/timeot', suggestion: 'timeout' })]);
  });
});

describe('If-Match', () => {
  const patch = { description: 'mine' };

  it('lets only the revision it names be changed', async () => {
    const w = await created();
    const stale = await w.request('PATCH', '/v1/jobs/job', patch, { 'If-Match': '"7"' });
    expect([stale.status, stale.json.code]).toEqual([412, 'stale']);
    expect((await w.request('PATCH', '/v1/jobs/job', patch, { 'If-Match': '"1"' })).json.rev).toBe(2);
    expect((await w.request('PUT', '/v1/jobs/job', hourly, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await w.request('POST', '/v1/jobs/job/pause', {}, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await w.request('DELETE', '/v1/jobs/job', undefined, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await w.request('DELETE', '/v1/jobs/job', undefined, { 'If-Match': '"2"' })).status).toBe(204);
  });

  it('and If-None-Match: * lets only a new job be made', async () => {
    const w = await created();
    const body = { module: 'noop', schedule: 'rate(2 hours)' };
    expect((await w.request('PUT', '/v1/jobs/job', body, { 'If-None-Match': '*' })).status).toBe(412);
    expect((await w.request('PUT', '/v1/jobs/new', body, { 'If-None-Match': '*' })).status).toBe(201);
  });
});

describe('pause and resume', () => {
  it('takes due times away and gives them back on the same grid', async () => {
    const w = await created();
    const paused = await w.request('POST', '/v1/jobs/job/pause', { reason: 'migration' });
    expect(paused.json).toMatchObject({
      state: 'paused',
      nextRun: null,
      nextRuns: [],
      rev: 2,
      paused: { by: 'user', reason: 'migration', at: '2027-01-01T00:00:00Z' },
    });
    expect(w.schedule()).toMatchObject({ enabled: false, payload: { timing: 2 } });
    expect((await w.request('POST', '/v1/jobs/job/pause')).json.rev).toBe(2);
    expect((await w.request('GET', '/v1/jobs')).json.jobs[0].state).toBe('paused');
    await w.clock.advance(90 * 60_000);
    const resumed = await w.request('POST', '/v1/jobs/job/resume');
    expect(resumed.json).toMatchObject({ state: 'active', paused: null, nextRun: '2027-01-01T02:00:00Z', rev: 3 });
    expect(w.schedule()).toMatchObject({ enabled: true, start: Date.parse('2027-01-01T02:00:00Z'), payload: { timing: 3 } });
    expect((await w.request('POST', '/v1/jobs/job/resume')).json.rev).toBe(3);
  });

  it('answers for an at that fell into the pause', async () => {
    const w = await created({ id: 'job', module: 'noop', schedule: 'at(2027-01-01T05:00:00)' });
    await w.request('POST', '/v1/jobs/job/pause');
    await w.clock.advance(6 * 3_600_000);
    const { json } = await w.request('POST', '/v1/jobs/job/resume');
    expect(json).toMatchObject({ state: 'completed', nextRun: null });
    expect(w.engine.schedules.size).toBe(0);
    expect((await w.request('GET', '/v1/jobs/job/runs')).json.runs).toMatchObject([
      { runId: '20270101T050000Z', state: 'skipped', reason: 'paused', startedAt: null },
    ]);
  });
});

describe('two changes at once', () => {
  it('are both made, one after the other, and the reconciler has the last word with EventBridge', async () => {
    const w = await created();
    const [a, b] = await Promise.all([
      w.request('PATCH', '/v1/jobs/job', { schedule: 'rate(2 hours)' }),
      w.request('PATCH', '/v1/jobs/job', { schedule: 'rate(3 hours)' }),
    ]);
    expect([a.status, b.status, a.json.rev, b.json.rev].sort()).toEqual([2, 200, 200, 3].sort());
    const { json } = await w.request('GET', '/v1/jobs/job');
    expect(json.rev).toBe(3);
  });
});
