import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineModule, type ModuleDefinition } from '../../../core/define-module.ts';
import { masked, secretsIn, unmasked } from '../../../core/job/secrets.ts';
import { deliverMessage } from '../../../core/run/deliver.ts';
import { kept } from '../../../core/run/kept.ts';
import { messageSchema } from '../../../core/run/received.ts';
import { redactor } from '../../../core/run/redact.ts';
import { world, worldWithJob } from '../../support/world.ts';

// Orders of events that once broke a promise.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a run that crashed before it had the lock', () => {
  it('does not have it in its next attempt either', async () => {
    const w = await worldWithJob('obedient', {
      schedule: 'cron(* * * * ? *)',
      policies: { timeout: '10m', retry: { maxAttempts: 2, backoff: '1s' } },
    });
    await w.live(MINUTE);
    await w.clock.advance(MINUTE);
    const second = await w.claimed('2027-01-01T00:02:00Z', { owner: 'r1-a', fence: 1, expiresAt: w.clock.now() + SECOND });
    await w.clock.advance(2 * SECOND);
    expect(await w.tick('job', '2027-01-01T00:02:00Z')).toMatchObject({ is: 'ran', run: { state: 'waiting', locked: false } });
    await w.live(3 * SECOND);
    expect(await w.runs.get(second.jobUid, second.runId)).toMatchObject({ state: 'skipped', reason: 'overlap' });
  });
});

describe('a redelivered message', () => {
  it('ends its run, though its due time would be missed by now', async () => {
    const w = await worldWithJob('noop', { schedule: 'cron(* * * * ? *)' });
    await w.clock.advance(MINUTE);
    const run = await w.claimed('2027-01-01T00:01:00Z', { owner: 'r1-a', fence: 1, expiresAt: w.clock.now() + 15 * MINUTE });
    await w.clock.advance(17 * MINUTE);
    await w.tick('job', '2027-01-01T00:01:00Z');
    expect(await w.runs.get(run.jobUid, run.runId)).toMatchObject({ state: 'failed', reason: 'crashed' });
  });

  it('of a run by hand comes again while another has it, since nobody else would find that one dead', async () => {
    const w = await worldWithJob('deaf');
    await w.request('POST', '/v1/jobs/job/run', {});
    const { message } = w.queue.sent.at(-1) ?? {};
    const start = () => deliverMessage(w.runner, messageSchema.parse(message), { id: 'x', deadline: w.clock.now() + MINUTE });
    void start();
    await w.clock.advance(SECOND);
    await expect(start()).rejects.toThrow('under way already');
  });
});

describe('a job that was edited while nothing answered for it', () => {
  it('owes every due time of before, also those of before the last edit but one', async () => {
    const w = await worldWithJob('noop', { schedule: 'cron(0/10 * * * ? *)', policies: { catchUp: { run: 'none' } } });
    await w.reconcile();
    w.engine.schedules.clear();
    await w.clock.advance(35 * MINUTE);
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(5 * * * ? *)' });
    await w.clock.advance(5 * HOUR);
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(15 12 * * ? *)' });
    await w.reconcile();
    const counts = (await w.runsOf('job')).map(({ missed }) => missed.count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3 + 5);
  });

  it('fills the stretch of before an edit, when its message comes after it', async () => {
    const w = await worldWithJob('noop', { schedule: 'rate(20 seconds)' });
    const [prime] = w.queue.sent.splice(0).filter(({ message }) => message.kind === 'prime');
    await w.clock.advance(50 * SECOND);
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(0 0 1 1 ? *)' });
    w.queue.sent.splice(0);
    expect(await deliverMessage(w.runner, messageSchema.parse(prime?.message), { id: 'x', deadline: w.clock.now() + MINUTE })).toEqual({
      is: 'queued',
      count: 2,
    });
  });
});

describe('what all is to be caught up with', () => {
  it('is skipped once it is older than it may be', async () => {
    const w = await worldWithJob('obedient', {
      schedule: 'cron(* * * * ? *)',
      policies: { timeout: '14m', catchUp: { run: 'all', within: '5m' } },
    });
    await w.reconcile();
    w.engine.schedules.clear();
    w.queue.sent.length = 0;
    await w.clock.advance(4 * MINUTE);
    await w.reconcile();
    await w.live(13 * MINUTE);
    const states = (await w.runsOf('job')).slice(0, 3).map(({ state, reason }) => reason ?? state);
    // The one that is due on time has the lock.
    expect(states).toEqual(['overlap', 'overlap', 'overlap']);
    expect(await w.runs.waiting(w.clock.now(), 10)).toEqual([]);
  });
});

describe('a late delivery', () => {
  it('takes a turn where other due times came after its own, for they may be one stretch; else its claim is enough', async () => {
    const w = await worldWithJob('noop', { policies: { catchUp: { run: 'all' } } });
    await w.clock.advance(61 * MINUTE);
    const turns: string[] = [];
    const { takeTurn } = w.runs;
    w.runs.takeTurn = (...args) => {
      turns.push(args[0]);
      return takeTurn(...args);
    };
    expect(await w.tick('job', '2027-01-01T00:30:00Z')).toMatchObject({ is: 'ran', run: { late: true } });
    expect(turns).toHaveLength(1);
    expect(await w.tick('job', '2027-01-01T01:00:00Z')).toMatchObject({ is: 'ran', run: { late: true } });
    expect(turns).toHaveLength(1);
  });
});

describe('a delete', () => {
  it('that is answered while a start waits for its instant is obeyed', async () => {
    const w = await worldWithJob('broken', { policies: { retry: { maxAttempts: 2, backoff: '15m' } } });
    await w.live(30 * MINUTE);
    const [{ until, runId }] = await w.runsOf('job');
    await w.clock.advance(Date.parse(until) - w.clock.now() - 1_500);
    const started = w.deliverQueued();
    await w.clock.advance(SECOND);
    const { uid } = (await w.jobs.get('job' as never)) ?? {};
    expect((await w.request('DELETE', '/v1/jobs/job')).status).toBe(204);
    await w.clock.advance(SECOND);
    expect(await started).toMatchObject({ is: 'recorded', run: { state: 'cancelled', message: 'Its job was deleted.' } });
    expect(await w.runs.get(uid as never, runId)).toMatchObject({ attempts: [{}] });
  });
});

describe('the retry of an old run', () => {
  it('is kept from its own start on', async () => {
    const w = await worldWithJob('noop', { policies: { keep: '2d' } });
    await w.live(30 * MINUTE);
    await w.clock.advance(47 * HOUR);
    const { runId } = (await w.request('POST', '/v1/jobs/job/runs/20270101T003000Z/retry')).json;
    await w.live(MINUTE);
    const { uid } = (await w.jobs.get('job' as never)) ?? {};
    expect((await w.runs.get(uid as never, runId))?.keptUntil).toBeGreaterThan(w.clock.now() + 47 * HOUR);
  });
});

describe('a pass', () => {
  it('that fails gives its checkpoint back', async () => {
    const w = await worldWithJob('noop');
    const { list } = w.jobs;
    w.jobs.list = () => Promise.reject(new Error('throttled'));
    await expect(w.reconcile()).rejects.toThrow('throttled');
    w.jobs.list = list;
    expect(await w.reconcile({ restarted: false })).toMatchObject({ walk: 'done' });
  });

  it('of a host that starts anew leaves alone what it has sent for itself', async () => {
    const w = await worldWithJob('obedient', { policies: { timeout: '10m' } });
    await w.request('POST', '/v1/jobs/job/run');
    const { send } = w.queue;
    w.queue.sent.length = 0;
    // The runner is quicker than the walk.
    w.queue.send = async (envelopes) => {
      await send.call(w.queue, envelopes);
      void w.deliverQueued();
      await w.clock.advance(SECOND);
    };
    expect(await w.reconcile()).toMatchObject({ starts: 1, crashes: 0 });
    expect(await w.runsOf('job')).toMatchObject([{ state: 'running' }]);
  });

  it('does not make the schedule of a paused at again and again', async () => {
    const w = await worldWithJob('noop', { schedule: 'at(2027-01-02T00:00:00)' });
    await w.request('POST', '/v1/jobs/job/pause');
    for (let passes = 0; passes < 2; passes++) expect(await w.reconcile()).toMatchObject({ repaired: 0 });
  });
});

describe('secrets', () => {
  const input = z.object({
    token: z.string().meta({ secret: true }),
    list: z.array(z.object({ key: z.string().meta({ secret: true }) })),
    any: z.json(),
  });
  const schema = z.toJSONSchema(input, { io: 'input' }) as Record<string, unknown>;
  const value = { token: 'abcd', list: [{ key: 'one!' }, { key: 'two!' }], any: { deep: [1, { x: 'seen' }] } };

  it('are masked where the schema marks them, where it knows a member no more, and everywhere without one', () => {
    expect(masked(value, schema)).toEqual({ token: '***', list: [{ key: '***' }, { key: '***' }], any: value.any });
    expect(masked({ token: 'abcd', old: 'efgh' }, schema)).toEqual({ token: '***', old: '***' });
    expect(masked(value, null)).toEqual({ token: '***', list: [{ key: '***' }, { key: '***' }], any: { deep: ['***', { x: '***' }] } });
    expect(masked(undefined, null)).toBeUndefined();
    expect(secretsIn(value, schema).sort()).toEqual(['abcd', 'one!', 'two!']);
  });

  it('come back for a mask in their own place only', () => {
    expect(unmasked(masked(value, schema), value, schema)).toEqual(value);
    expect(unmasked({ list: [{ key: '***' }] }, value, schema)).toEqual({ list: [{ key: '***' }] });
  });

  it('are taken out of values without breaking them', () => {
    const redact = redactor(['12345', 'true', 'abcd']);
    expect(kept({ in: [{ 'x-abcd': 'told' }] }, 1_000, redact)).toEqual({ in: [{ 'x-***': 'told' }] });
    expect(kept({ code: 12345, at: 123450000, yes: true, text: 'x abcd y', list: ['12345'] }, 1_000, redact)).toEqual({
      code: '***',
      at: 123450000,
      yes: '***',
      text: 'x *** y',
      list: ['***'],
    });
  });

  it('a mask with nothing behind it is refused, and one in a run stands for the job’s', async () => {
    const w = world();
    const tells: ModuleDefinition = defineModule({
      description: 'tells',
      input: z.object({ token: z.string().meta({ secret: true }) }),
      run: ({ token }) => token.length,
    }) as ModuleDefinition;
    const { find } = w.catalog;
    w.catalog.find = async (name) =>
      (name === ('tells' as never)
        ? { ...(await find('noop' as never)), name, input: z.toJSONSchema(tells.input as z.ZodType) }
        : find(name)) as never;
    w.runner.modules.load = async () => tells;
    const body = { id: 'job', module: 'tells', schedule: 'rate(1 day)' };
    const refused = await w.request('POST', '/v1/jobs', { ...body, input: { token: '***' } });
    expect([refused.status, refused.json.code]).toEqual([422, 'invalidInput']);
    await w.request('POST', '/v1/jobs', { ...body, input: { token: 'secret' } });
    const { runId } = (await w.request('POST', '/v1/jobs/job/run', { input: { token: '***' } })).json;
    await w.live(SECOND);
    expect((await w.request('GET', `/v1/jobs/job/runs/${runId}`)).json).toMatchObject({ state: 'succeeded', output: 6 });
  });

  it('an input that is far too deep is refused before anything walks through it', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const body = `{ "id": "job", "module": "greet", "schedule": "rate(1 day)", "input": { "name": "x", "body": ${deep} } }`;
    const { status, json } = await world().request('POST', '/v1/jobs', body);
    expect([status, json.code]).toEqual([422, 'invalidInput']);
  });
});
