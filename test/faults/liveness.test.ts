import { describe, expect, it } from 'vitest';
import { render, scheduleName } from '../../core/job/render.ts';
import { type AwsWorld, awsWorlds } from './aws-world.ts';
import { FAULTS } from './fault-proxy.ts';

// The invariants L1 to L6 of docs/guarantees.md: once the faults are over, one pass puts everything right.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const make = awsWorlds();

const hourly = { id: 'job', module: 'works', schedule: 'cron(0 * * * ? *)' };

/** Whether jobs and schedules correspond, one to one and member by member. */
async function correspond(w: AwsWorld, ids: readonly string[]): Promise<void> {
  const names = (await w.engine.list('', undefined)).schedules.map(({ name }) => name);
  const jobs = (await Promise.all(ids.map((id) => w.jobs.get(id as never)))).flatMap((job) => job ?? []);
  expect(names.sort()).toEqual(jobs.map(scheduleName).sort());
  for (const job of jobs) {
    const wanted = render(job);
    expect(wanted && (await w.engine.compare(wanted))).toBe('same');
    expect(job).toMatchObject({ intent: null, rejection: null });
  }
}

describe('L1 jobs and schedules correspond', () => {
  const operations: [string, string, (w: AwsWorld) => Promise<{ status: number }>][] = [
    ['create', 'CreateSchedule', (w) => w.request('POST', '/v1/jobs', { ...hourly, id: 'new' })],
    ['edit', 'UpdateSchedule', (w) => w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(30 * * * ? *)' })],
    ['pause', 'UpdateSchedule', (w) => w.request('POST', '/v1/jobs/job/pause')],
    ['delete', 'DeleteSchedule', (w) => w.request('DELETE', '/v1/jobs/job')],
  ];
  // A third of them, each operation and each fault among them: the simulator has every one, in memory.
  const cases = operations
    .flatMap(([name, operation, act], row) => FAULTS.map((fault, n) => ({ name, operation, act, fault, nth: row + n })))
    .filter(({ nth }) => nth % 3 === 0);

  it.each(cases)('after a $name whose $operation met $fault to the end', async ({ operation, act, fault }) => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', hourly);
    w.inject('scheduler', operation, fault, 3);
    expect((await act(w)).status).toBeLessThan(300);
    w.heal();
    await w.pass(2 * MINUTE);
    await w.reconcile();
    await correspond(w, ['job', 'new']);
  });

  it('when a slow write lands after a newer one', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', hourly);
    const { put } = w.engine;
    let land: () => Promise<unknown> = async () => undefined;
    w.engine.put = (schedule) => {
      land = () => put.call(w.engine, schedule);
      return Promise.resolve({ is: 'retry', reason: 'no answer yet' });
    };
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(10 * * * ? *)' });
    w.engine.put = put;
    await w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(20 * * * ? *)' });
    await land();
    await w.pass(2 * MINUTE);
    await w.reconcile();
    await correspond(w, ['job']);
    expect((await w.request('GET', '/v1/jobs/job')).json.expression).toBe('cron(20 * * * ? *)');
  });
});

describe('L2 every due time has one answer', () => {
  it('when nothing could be claimed for two hours', async () => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', {
      ...hourly,
      schedule: 'cron(0/10 * * * ? *)',
      policies: { catchUp: { run: 'latest', within: '1h' } },
    });
    await w.pass(15 * MINUTE);
    const down = w.inject('dynamodb', 'PutItem', 'error', 1_000_000);
    await w.pass(2 * HOUR);
    expect(down.times).toBeLessThan(1_000_000);
    w.heal();
    await w.pass(MINUTE);
    await w.reconcile();
    await w.pass(HOUR);
    await w.reconcile();
    const due = (await w.runsOf('job')).flatMap(({ dueAt, missed }) => (missed ? Array(missed.count).fill('missed') : [dueAt]));
    // 00:10 to 03:10, every ten minutes.
    expect(due).toHaveLength(19);
    expect(new Set(effects.map(({ runId }) => runId)).size).toBe(effects.length);
  }, 60_000);

  it.each(['error', 'dropBefore'] as const)('when the claim of a tick met %s to the end: it is put aside, and then run', async (fault) => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', hourly);
    w.inject('dynamodb', 'PutItem', fault, 3, 'R#2027');
    await w.pass(HOUR + MINUTE);
    expect(w.failures).toHaveLength(1);
    expect(effects.map(({ runId }) => runId)).toEqual(['20270101T010000Z']);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'succeeded', dueAt: '2027-01-01T01:00:00Z' }]);
  });

  it.each(FAULTS)('when messages of a windowed job met %s', async (fault) => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, schedule: 'rate(20 seconds)', policies: { overlap: 'allow' } });
    w.inject('sqs', 'SendMessageBatch', fault, 4);
    await w.pass(10 * MINUTE);
    w.heal();
    await w.reconcile();
    await w.pass(10 * SECOND);
    const due = (await w.runsOf('job')).flatMap(({ dueAt, missed }) => (missed ? Array(missed.count).fill('missed') : [dueAt]));
    expect(due).toHaveLength(30);
    expect(new Set(effects.map(({ runId }) => runId)).size).toBe(effects.length);
  }, 30_000);
});

describe('L3 nothing is stuck', () => {
  it('a run whose process died and whose death nobody told of is ended by the walk, with a retry if it has one', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, module: 'dies', policies: { retry: { maxAttempts: 2, backoff: '1s' } } });
    await w.pass(HOUR + MINUTE);
    w.kill();
    await w.pass(16 * MINUTE);
    expect(await w.reconcile()).toMatchObject({ crashes: 1 });
    await w.pass(3 * SECOND);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'running', attempt: 2, error: { name: 'Crashed' } }]);
  });

  it('a retry whose message was lost is sent for again', async () => {
    const { w, effects } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, module: 'fails' });
    w.inject('sqs', 'SendMessageBatch', 'dropBefore', 3);
    await w.pass(HOUR + 5 * MINUTE);
    expect(await w.runsOf('job')).toMatchObject([{ state: 'waiting', reason: 'retry', attempt: 1 }]);
    expect(await w.reconcile()).toMatchObject({ starts: 1 });
    await w.pass(5 * MINUTE);
    expect(effects.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });
});

describe('L4 retries end', () => {
  it('in a failed run that tells of all its attempts, each within its jittered pause', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, module: 'fails' });
    await w.pass(HOUR + 2 * MINUTE);
    const { json } = await w.request('GET', '/v1/jobs/job/runs/20270101T010000Z');
    expect(json).toMatchObject({ state: 'failed', reason: 'error', attempt: 3 });
    const [first, second, third] = json.attempts.map(({ startedAt, endedAt }: Record<string, string>) => [
      Date.parse(startedAt ?? ''),
      Date.parse(endedAt ?? ''),
    ]);
    expect(second[0] - first[1]).toBeLessThanOrEqual(11 * SECOND);
    expect(third[0] - second[1]).toBeLessThanOrEqual(21 * SECOND);
  });
});

describe('L5 a job that runs once is over after it', () => {
  it.each(FAULTS)('its history stays, its schedule goes, though its end met %s', async (fault) => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, schedule: 'at(2027-01-01T00:30:00)' });
    w.inject('dynamodb', 'PutItem', fault, 2, 'endedAt');
    await w.pass(HOUR);
    await w.reconcile();
    expect((await w.request('GET', '/v1/jobs/job')).json).toMatchObject({
      state: 'completed',
      nextRun: null,
      lastRun: { state: 'succeeded' },
    });
    expect((await w.engine.list('', undefined)).schedules).toEqual([]);
  });

  it('a schedule that was left behind is removed two hours later', async () => {
    const { w } = await make();
    await w.request('POST', '/v1/jobs', { ...hourly, schedule: 'rate(10 minutes)', end: '2027-01-01T00:25:00Z' });
    await w.pass(2 * HOUR);
    await w.reconcile({ restarted: true });
    expect((await w.engine.list('', undefined)).schedules).toHaveLength(1);
    await w.pass(HOUR);
    expect(await w.reconcile({ restarted: true })).toMatchObject({ repaired: 1 });
    expect((await w.engine.list('', undefined)).schedules).toEqual([]);
  });
});

describe('L6 a second pass writes nothing but how far it came', () => {
  it('whatever the first had to do', async () => {
    const { w } = await make();
    for (const id of ['a', 'b', 'c']) await w.request('POST', '/v1/jobs', { ...hourly, id });
    w.inject('scheduler', 'UpdateSchedule', 'throttle', 3);
    await w.request('POST', '/v1/jobs/a/pause');
    const [b] = (await w.engine.list('b.', undefined)).schedules;
    await w.engine.remove(b?.name ?? '');
    await w.pass(5 * HOUR);
    await w.reconcile({ restarted: true });
    await w.pass(MINUTE);
    const before = counts(w);
    expect(await w.reconcile({ restarted: true })).toMatchObject({ intents: 0, repaired: 0, gaps: 0, failed: 0, walk: 'done' });
    const after = counts(w);
    const made = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
    // The checkpoint is taken, moved three times and given back.
    expect(made).toMatchObject({ PutItem: 0, DeleteItem: 0, UpdateItem: 5, CreateSchedule: 0, UpdateSchedule: 0, DeleteSchedule: 0 });
  });

  function counts({ proxies }: AwsWorld): Record<string, number> {
    const zero = { DeleteItem: 0, UpdateSchedule: 0, DeleteSchedule: 0 };
    return { ...zero, ...Object.fromEntries([...proxies.dynamodb.passed, ...proxies.scheduler.passed]) };
  }
});
