import { describe, expect, it } from 'vitest';
import { world } from '../../support/world.ts';

const hourly = { id: 'hourly', module: 'noop', schedule: 'rate(1 hour)' };

describe('POST /v1/jobs', () => {
  it('creates the job and its schedule, and shows it', async () => {
    const { request, engine } = world();
    const { status, headers, json } = await request('POST', '/v1/jobs', {
      id: 'weekly-report',
      module: 'greet',
      schedule: 'cron(0 8 ? * MON *)',
      timezone: 'Europe/Berlin',
      input: { name: 'team' },
      description: 'Weekly numbers',
      tags: ['finance'],
    });
    expect(status).toBe(201);
    expect(headers.get('Location')).toBe('/v1/jobs/weekly-report');
    expect(headers.get('ETag')).toBe('"1"');
    expect(json).toMatchObject({
      id: 'weekly-report',
      module: 'greet',
      state: 'active',
      source: 'api',
      set: null,
      rev: 1,
      schedule: 'cron(0 8 ? * MON *)',
      timezone: 'Europe/Berlin',
      expression: 'cron(0 8 ? * MON *)',
      runFrequency: 'At 08:00 on Mondays, Berlin time',
      nextRun: '2027-01-04T07:00:00Z',
      lastRun: null,
      input: { name: 'team' },
      policies: { timeout: '10s' },
      problem: null,
      createdAt: '2027-01-01T00:00:00Z',
    });
    expect(json.nextRuns).toHaveLength(5);
    const [schedule] = engine.schedules.values();
    expect(schedule).toMatchObject({
      expression: 'cron(0 8 ? * MON *)',
      timezone: 'Europe/Berlin',
      payload: { jobId: 'weekly-report', timing: 1 },
    });
    expect(schedule?.name).toMatch(/^weekly-report\.[a-z2-7]{12}$/);
  });

  it('tells as many of its due times as are asked for', async () => {
    const { request } = world();
    await request('POST', '/v1/jobs', hourly);
    const { json } = await request('GET', '/v1/jobs/hourly?nextRuns=10');
    expect(json.nextRuns).toHaveLength(10);
    expect(json.nextRuns.slice(0, 5)).toEqual((await request('GET', '/v1/jobs/hourly')).json.nextRuns);
    for (const wrong of ['0', '101', 'ten', '1.5']) {
      const refused = await request('GET', `/v1/jobs/hourly?nextRuns=${wrong}`);
      expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('1 to 100')]);
    }
  });

  it('takes the id for the module when none is named', async () => {
    const { request } = world();
    expect((await request('POST', '/v1/jobs', { id: 'noop', schedule: 'rate(1 hour)' })).json.module).toBe('noop');
  });

  it('refuses a second job of the same id and leaves the first alone', async () => {
    const { request } = world();
    await request('POST', '/v1/jobs', hourly);
    const { status, json } = await request('POST', '/v1/jobs', { ...hourly, schedule: 'rate(2 hours)' });
    expect([status, json.code]).toEqual([409, 'exists']);
    expect((await request('GET', '/v1/jobs/hourly')).json.schedule).toBe('rate(1 hour)');
  });

  it('is committed even if EventBridge does not answer, and the reconciler finishes it', async () => {
    const w = world();
    const { request, engine } = w;
    engine.answers.push({ is: 'retry', reason: 'ThrottlingException' });
    const { status, json } = await request('POST', '/v1/jobs', hourly);
    expect([status, json.problem]).toEqual([201, 'notApplied']);
    expect(engine.schedules.size).toBe(0);
    expect(await w.reconcile({ restarted: false })).toMatchObject({ intents: 1 });
    expect(engine.schedules.size).toBe(1);
    expect((await request('GET', '/v1/jobs/hourly')).json.problem).toBeNull();
  });

  it('is committed even if the queue does not answer', async () => {
    const w = world();
    const { request, queue } = w;
    queue.isDown = true;
    expect((await request('POST', '/v1/jobs', { ...hourly, start: '2027-01-01T00:00:30Z' })).json).toMatchObject({ problem: 'notApplied' });
    expect((await request('POST', '/v1/jobs/hourly/run')).status).toBe(202);
    queue.isDown = false;
    expect(await w.reconcile({ restarted: false })).toMatchObject({ intents: 1, starts: 1 });
    expect(queue.sent.map(({ message }) => message.kind)).toEqual(['occurrence', 'run']);
  });

  it('shows what EventBridge says against a schedule', async () => {
    const { request, engine } = world();
    engine.answers.push({ is: 'rejected', reason: 'ValidationException: no' });
    const { json } = await request('POST', '/v1/jobs', hourly);
    expect(json).toMatchObject({ problem: 'notApplied', problemDetail: 'ValidationException: no' });
  });

  it('sends a due time that EventBridge could not tick in time through the queue', async () => {
    const { request, engine, queue } = world();
    await request('POST', '/v1/jobs', { ...hourly, start: '2027-01-01T00:00:30Z' });
    expect(queue.sent).toMatchObject([{ message: { kind: 'occurrence', dueAt: '2027-01-01T00:00:30Z' }, delaySeconds: 30 }]);
    expect([...engine.schedules.values()][0]?.start).toBe(Date.parse('2027-01-01T01:00:30Z'));
  });

  it('accepts an at that is just over, and runs it', async () => {
    const { request, deliverQueued, engine } = world();
    const { json } = await request('POST', '/v1/jobs', { id: 'a', module: 'noop', schedule: 'at(2026-12-31T23:59:30)' });
    expect(json).toMatchObject({ state: 'completed', nextRun: null, problem: null });
    expect(engine.schedules.size).toBe(0);
    expect(await deliverQueued()).toMatchObject({ is: 'ran', run: { dueAt: Date.parse('2026-12-31T23:59:30Z'), late: false } });
  });
});

describe('a bad request', () => {
  const bad = (member: object) => ({ ...hourly, ...member });
  it.each([
    ['malformed JSON', '{bad', 400, 'malformed', undefined],
    ['no object', '[]', 400, 'malformed', ''],
    ['a wrong type', bad({ id: 5 }), 400, 'malformed', '/id'],
    ['a missing member', { id: 'x' }, 400, 'malformed', '/schedule'],
    ['an unknown member', bad({ tag: 'x' }), 422, 'unknownMember', '/tag'],
    ['__proto__', '{"__proto__":{"id":"x"},"id":"x","module":"noop","schedule":"rate(1 hour)"}', 422, 'unknownMember', '/__proto__'],
    ['an id with a slash', bad({ id: 'a/b' }), 422, 'invalidId', '/id'],
    ['an id of dots', bad({ id: '..' }), 422, 'invalidId', '/id'],
    ['an id too long', bad({ id: 'x'.repeat(51) }), 422, 'invalidId', '/id'],
    ['an unknown module', bad({ module: 'nop' }), 404, 'unknownModule', '/module'],
    ['a module named like a member of Object', bad({ module: 'constructor' }), 404, 'unknownModule', '/module'],
    ['a bad cron', bad({ schedule: 'cron(0 25 * * ? *)' }), 422, 'invalidSchedule', '/schedule'],
    ['a schedule too long', bad({ schedule: `cron(${'0,'.repeat(200)}0 * * * ? *)` }), 422, 'invalidSchedule', '/schedule'],
    ['a date that does not exist', bad({ schedule: 'cron(0 8 30 2 ? *)' }), 422, 'neverFires', '/schedule'],
    ['a rate beyond the calendar', bad({ schedule: 'rate(100000 days)' }), 422, 'neverFires', '/schedule'],
    ['a zone in another case', bad({ timezone: 'europe/berlin' }), 422, 'unknownTimezone', '/timezone'],
    ['a past at', bad({ schedule: 'at(2026-12-31T23:00:00)' }), 422, 'neverFires', '/schedule'],
    ['an at in the spring gap', bad({ schedule: 'at(2027-03-28T02:30:00)', timezone: 'Europe/Berlin' }), 422, 'neverFires', '/schedule'],
    ['an end before the start', bad({ start: '2027-02-01T00:00:00Z', end: '2027-01-02T00:00:00Z' }), 422, 'neverFires', '/end'],
    ['an end that is over', bad({ end: '2026-01-02T00:00:00Z' }), 422, 'neverFires', '/end'],
    ['an instant without a zone', bad({ start: '2027-02-01T00:00:00' }), 400, 'malformed', '/start'],
    ['a bad zone', bad({ timezone: 'Europe/Berln' }), 422, 'unknownTimezone', '/timezone'],
    ['a zone that is an offset', bad({ timezone: '+01:00' }), 422, 'unknownTimezone', '/timezone'],
    ['a timeout out of range', bad({ policies: { timeout: '15m' } }), 422, 'invalidPolicy', '/policies/timeout'],
    ['an unknown policy', bad({ policies: { timeuot: '15s' } }), 422, 'unknownMember', '/policies/timeuot'],
    ['an input for a module without one', bad({ input: {} }), 422, 'invalidInput', '/input'],
    ['an input of the wrong type', bad({ module: 'greet', input: { name: 5 } }), 422, 'invalidInput', '/input/name'],
    ['a missing member of the input', bad({ module: 'greet' }), 422, 'invalidInput', '/input/name'],
    [
      'a forbidden name in the input',
      '{"id":"x","module":"greet","schedule":"rate(1 hour)","input":{"name":"a","__proto__":1}}',
      422,
      'invalidInput',
      '/input/__proto__',
    ],
    [
      'an input nested too deep',
      bad({ module: 'greet', input: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) }),
      422,
      'invalidInput',
      undefined,
    ],
    ['an input too large', bad({ module: 'greet', input: { name: 'x'.repeat(70_000) } }), 413, 'tooLarge', undefined],
    ['a body too large', bad({ description: 'x'.repeat(1_000_000) }), 413, 'tooLarge', undefined],
  ])('%s is refused and stores nothing', async (_, body, status, code, pointer) => {
    const { request, engine } = world();
    const answer = await request('POST', '/v1/jobs', body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ status, title: expect.any(String), detail: expect.any(String), instance: '/v1/jobs' });
    if (pointer !== undefined) expect(answer.json.errors[0].pointer).toBe(pointer);
    expect((await request('GET', '/v1/jobs')).json.total).toBe(0);
    expect(engine.schedules.size).toBe(0);
  });

  it('tells of twenty members at most', async () => {
    const { request } = world();
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`member-${n}`, n]));
    expect((await request('POST', '/v1/jobs', { ...hourly, ...body })).json.errors).toHaveLength(20);
  });

  it('suggests the nearest name', async () => {
    const { request } = world();
    expect((await request('POST', '/v1/jobs', bad({ module: 'gret' }))).json).toMatchObject({
      detail: expect.stringContaining('Did you mean "greet"?'),
      errors: [{ suggestion: 'greet' }],
    });
    expect((await request('POST', '/v1/jobs', bad({ timezone: 'Europe/Berln' }))).json.errors[0].suggestion).toBe('Europe/Berlin');
    expect((await request('POST', '/v1/jobs', bad({ timzone: 'UTC' }))).json.errors[0].suggestion).toBe('timezone');
    expect((await request('POST', '/v1/jobs', bad({ module: 'zzzzzzzz' }))).json.errors[0].suggestion).toBeNull();
  });

  it.each([
    ['a body that is not said to be JSON', 'POST', '/v1/jobs', hourly, { 'Content-Type': 'text/plain' }, 415, 'unsupportedMediaType'],
    ['a method the route does not have', 'PUT', '/v1/jobs', {}, {}, 405, 'methodNotAllowed'],
    ['no route', 'GET', '/v1/schedules', undefined, {}, 404, 'unknownRoute'],
    ['a limit that is none', 'GET', '/v1/jobs?limit=-1', undefined, {}, 400, 'malformed'],
    ['a page token that is none', 'GET', '/v1/jobs?pageToken=%00', undefined, {}, 400, 'malformed'],
    ['a job that is not there', 'GET', '/v1/jobs/none', undefined, {}, 404, 'unknownJob'],
    ['a run that is not there', 'GET', '/v1/jobs/hourly/runs/20270101T000000Z', undefined, {}, 404, 'unknownRun'],
    ['a run id that is none', 'GET', '/v1/jobs/hourly/runs/x%2Fy', undefined, {}, 404, 'unknownRun'],
    ['a module that is not there', 'GET', '/v1/modules/nope', undefined, {}, 404, 'unknownModule'],
  ])('%s is answered with its code', async (_, method, path, body, headers, status, code) => {
    const { request } = world();
    await request('POST', '/v1/jobs', hourly);
    const answer = await request(method, path, body, headers);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });
});

describe('DELETE /v1/jobs/{id}', () => {
  it('removes job and schedule; again is 404; the id is free', async () => {
    const { request, engine } = world();
    await request('POST', '/v1/jobs', hourly);
    expect((await request('DELETE', '/v1/jobs/hourly')).status).toBe(204);
    expect(engine.schedules.size).toBe(0);
    expect((await request('DELETE', '/v1/jobs/hourly')).status).toBe(404);
    expect((await request('GET', '/v1/jobs')).json.total).toBe(0);
    expect((await request('POST', '/v1/jobs', hourly)).status).toBe(201);
  });

  it('holds even while EventBridge cannot be reached, and creating again finishes it first', async () => {
    const { request, engine, tick, clock } = world();
    await request('POST', '/v1/jobs', hourly);
    await clock.advance(3_600_000);
    engine.answers.push({ is: 'retry', reason: 'down' }, { is: 'retry', reason: 'still down' });
    expect((await request('DELETE', '/v1/jobs/hourly')).status).toBe(204);
    expect((await request('GET', '/v1/jobs/hourly')).status).toBe(404);
    expect((await request('GET', '/v1/jobs')).json.jobs).toEqual([]);
    expect(await tick('hourly', '2027-01-01T01:00:00Z')).toEqual({ is: 'dropped', why: 'noJob' });
    expect((await request('POST', '/v1/jobs', hourly)).json.code).toBe('deleting');
    expect((await request('POST', '/v1/jobs', hourly)).status).toBe(201);
    expect(engine.schedules.size).toBe(1);
  });
});

describe('POST /v1/preview', () => {
  it('says what a schedule means, or what is wrong', async () => {
    const { request } = world();
    const good = await request('POST', '/v1/preview', {
      schedule: 'cron(30 2 * * ? *)',
      timezone: 'Europe/Berlin',
      from: '2027-03-27T12:00:00Z',
      count: 2,
    });
    expect(good.json).toEqual({
      valid: true,
      expression: 'cron(30 2 * * ? *)',
      timezone: 'Europe/Berlin',
      description: 'At 02:30, Berlin time',
      notes: ['Sun 28 Mar 2027: 02:30 does not exist, skipped'],
      nextRuns: ['2027-03-29T00:30:00Z', '2027-03-30T00:30:00Z'],
    });
    const zone = await request('POST', '/v1/preview', { schedule: 'rate(1 hour)', timezone: 'Europe/Berln' });
    expect(zone.json.errors).toEqual([expect.objectContaining({ suggestion: 'Europe/Berlin' })]);
    expect(zone.json.errors[0]).not.toHaveProperty('candidates');
    expect((await request('POST', '/v1/preview', { schedule: 'cron(x)' })).json).toMatchObject({
      valid: false,
      errors: [{ pointer: '/schedule', code: 'invalidSchedule' }],
    });
  });
});

describe('GET /v1/modules and /v1/health', () => {
  it('show the modules and that the API is up', async () => {
    const { request } = world();
    expect((await request('GET', '/v1/modules')).json.modules.map((m: { name: string }) => m.name)).toContain('greet');
    expect((await request('GET', '/v1/modules/greet')).json).toMatchObject({
      name: 'greet',
      policies: { timeout: '10s' },
      input: { type: 'object' },
    });
    expect((await request('GET', '/v1/health')).json).toMatchObject({ status: 'ok', changesAreStuck: false });
  });
});
