import { describe, expect, it } from 'vitest';
import type { ModuleName } from '../../core/ids.ts';
import { awsWorlds } from './aws-world.ts';
import { FAULTS } from './fault-proxy.ts';

// The invariants S3, S7, S8 and S9 of docs/guarantees.md, each with faults between the SDK and the local services.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const make = awsWorlds();

const everyMinute = { id: 'job', module: 'works', schedule: 'cron(* * * * ? *)', policies: { overlap: 'allow' } };

describe('S3 what was acknowledged stays, in the order of revisions', () => {
  it.each(FAULTS)('when writes of a job meet %s', async (fault) => {
    const { w } = await make();
    w.inject('dynamodb', 'PutItem', fault, 1, 'JOB#job');
    expect((await w.request('POST', '/v1/jobs', everyMinute)).status).toBe(201);
    w.inject('dynamodb', 'PutItem', fault, 1, 'JOB#job');
    const changed = await w.request('PATCH', '/v1/jobs/job', { description: 'second' }, { 'If-Match': '"1"' });
    expect([changed.status, changed.headers.get('ETag')]).toEqual([200, '"2"']);
    const stale = await w.request('PATCH', '/v1/jobs/job', { description: 'other' }, { 'If-Match': '"1"' });
    expect([stale.status, stale.json.code]).toEqual([412, 'stale']);
    expect((await w.request('GET', '/v1/jobs/job')).json).toMatchObject({ rev: 2, description: 'second', problem: null });
  });

  it.each(['error', 'throttle', 'dropBefore', 'hang'] as const)('and what was refused by %s to the end changed nothing', async (fault) => {
    const { w } = await make();
    w.inject('dynamodb', 'PutItem', fault, 3, 'JOB#job');
    const refused = await w.request('POST', '/v1/jobs', everyMinute);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5']);
    expect((await w.request('GET', '/v1/jobs/job')).status).toBe(404);
  });

  it('ten edits at once become ten revisions', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', everyMinute);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => w.request('PATCH', '/v1/jobs/job', { description: `edit ${n}` })),
    );
    expect(answers.map(({ json }) => json.rev).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const last = answers.find(({ json }) => json.rev === 11);
    expect((await w.request('GET', '/v1/jobs/job')).json.description).toBe(last?.json.description);
  });
});

describe('S7 the same Idempotency-Key and body, one effect', () => {
  it.each(FAULTS)('when the write of the key meets %s', async (fault) => {
    const { w } = await make();
    w.inject('dynamodb', 'PutItem', fault, 1, 'IDEM#');
    const headers = { 'Idempotency-Key': 'one' };
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push(await w.request('POST', '/v1/jobs', everyMinute, headers));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers.map(({ json }) => json)).toEqual([answers[0]?.json, answers[0]?.json, answers[0]?.json]);
    expect((await w.request('POST', '/v1/jobs', { ...everyMinute, id: 'other' }, headers)).json).toMatchObject({
      status: 422,
      code: 'keyReused',
    });
  });

  it('a repeat after a request that broke off in its middle ends in the same run', async () => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', { ...everyMinute, schedule: 'rate(1 day)' });
    w.inject('dynamodb', 'PutItem', 'dropAfter', 3, 'R#2027');
    const headers = { 'Idempotency-Key': 'two' };
    expect((await w.request('POST', '/v1/jobs/job/run', {}, headers)).status).toBe(503);
    const again = await Promise.all([1, 2].map(() => w.request('POST', '/v1/jobs/job/run', {}, headers)));
    expect(again.map(({ status }) => status)).toEqual([202, 202]);
    await w.pass(10 * MINUTE);
    expect(effects.map(({ runId }) => runId)).toEqual([again[0]?.json.runId]);
  });

  it('a repeat after the job was deleted does not bring it back', async () => {
    const { w } = await make();
    const headers = { 'Idempotency-Key': 'three' };
    const first = await w.request('POST', '/v1/jobs', everyMinute, headers);
    await w.request('DELETE', '/v1/jobs/job');
    const again = await w.request('POST', '/v1/jobs', everyMinute, headers);
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect((await w.request('GET', '/v1/jobs/job')).status).toBe(404);
  });
});

describe('S8 the reconciler deletes no schedule of a job that is there', () => {
  const OLD = 2 * 60 * MINUTE;

  it.each(['error', 'throttle', 'dropBefore', 'hang'] as const)('and none at all when a list meets %s', async (fault) => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...everyMinute, schedule: 'rate(1 day)' });
    await w.engine.put(orphan('gone.uid'));
    await w.pass(OLD);
    w.inject('scheduler', 'ListSchedules', fault, 3);
    expect(await w.reconcile({ restarted: true })).toMatchObject({ removed: 0, failed: 1 });
    expect(await w.reconcile({ restarted: true })).toMatchObject({ removed: 1, failed: 0 });
    expect((await w.engine.list('', undefined)).schedules.map(({ name }) => name.split('.')[0])).toEqual(['job']);
  });

  it('at most five of a few in a pass, none that is young, none without a name of ours', async () => {
    const { w } = await make();
    for (let n = 0; n < 7; n++) await w.engine.put(orphan(`gone-${n}.uid`));
    await w.engine.put(orphan('alien'));
    await w.pass(OLD);
    await w.engine.put(orphan('young.uid'));
    expect(await w.reconcile({ restarted: true })).toMatchObject({ removed: 5 });
    expect(await w.reconcile({ restarted: true })).toMatchObject({ removed: 2 });
    expect(await w.reconcile({ restarted: true })).toMatchObject({ removed: 0 });
    expect((await w.engine.list('', undefined)).schedules.map(({ name }) => name)).toEqual(['alien', 'young.uid']);
  });

  function orphan(name: string) {
    const payload = { jobId: 'gone', jobUid: 'uid', timing: 1 } as never;
    return {
      name,
      module: 'noop' as ModuleName,
      expression: 'rate(1 day)',
      timezone: 'UTC',
      enabled: false,
      start: null,
      end: null,
      payload,
      deleteAfterCompletion: false,
    };
  }
});

describe('S9 secrets are shown nowhere', () => {
  it('not in answers, logs, outputs or errors; sent back masked they stay as they are', async () => {
    const { w } = await make();
    const input = { token: 'canary-8c1f"x', to: 'here' };
    const created = await w.request('POST', '/v1/jobs', { ...everyMinute, module: 'tells', input });
    await w.pass(90 * SECOND);
    const replaced = await w.request('PUT', '/v1/jobs/job', {
      ...everyMinute,
      module: 'tells',
      input: { ...created.json.input, to: 'nowhere' },
    });
    await w.request('POST', '/v1/jobs/job/run', { input: { token: 'canary-8c1f"x', to: 'nowhere' } });
    await w.pass(MINUTE);
    const seen = [created, replaced, await w.request('GET', '/v1/jobs/job'), await w.request('GET', '/v1/jobs')].map(({ json }) => json);
    for (const { runId } of await w.runsOf('job')) seen.push((await w.request('GET', `/v1/jobs/job/runs/${runId}`)).json);
    const text = JSON.stringify([seen, w.log, w.failures, w.dead]);
    expect(text).not.toMatch(/canary-8c1f|env-secret-4711/);
    expect((await w.jobs.get('job' as never))?.input).toEqual({ token: 'canary-8c1f"x', to: 'nowhere' });
    expect(seen.at(-1)).toMatchObject({ state: 'failed', error: { message: 'no access with ***' } });
  });
});
