import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineModule, GiveUp, Skip } from '../../core/define-module.ts';
import { runModule } from '../../testing/index.ts';

afterEach(() => vi.useRealTimers());

const greet = defineModule({
  description: 'greets',
  input: z.object({ name: z.string().min(2), times: z.int().default(1), password: z.string().meta({ secret: true }).optional() }),
  run({ name, times, password }, { log, progress }) {
    log.info(`hello ${name}`, { times, password });
    progress(times, times, 'greetings');
    return { greeted: name, times };
  },
});

const doing = (run: Parameters<typeof defineModule>[0]['run'], policies = {}) => defineModule({ description: 'does it', policies, run });
const failing = (error: Error, policies = {}) =>
  doing(() => {
    throw error;
  }, policies);

describe('a run', () => {
  it('that succeeds has all that the API shows, the same every time', async () => {
    const run = await runModule(greet, { name: 'Ada' });
    expect(run).toEqual({
      jobId: 'job',
      module: 'module',
      runId: '20270104T070000Z',
      state: 'succeeded',
      trigger: 'schedule',
      dueAt: '2027-01-04T07:00:00Z',
      startedAt: '2027-01-04T07:00:00Z',
      endedAt: '2027-01-04T07:00:00Z',
      latenessMs: 0,
      durationMs: 0,
      late: false,
      attempt: 1,
      error: null,
      input: { name: 'Ada' },
      attempts: [{ attempt: 1, startedAt: '2027-01-04T07:00:00Z', endedAt: '2027-01-04T07:00:00Z', state: 'succeeded', error: null }],
      progress: { done: 1, total: 1, message: 'greetings' },
      output: { greeted: 'Ada', times: 1 },
      log: [{ at: '2027-01-04T07:00:00Z', level: 'info', message: 'hello Ada', fields: { times: 1 } }],
      logDropped: 0,
    });
    expect(await runModule(greet, { name: 'Ada' })).toEqual(run);
  });

  it('fails for its input, by error, by giving up; is skipped', async () => {
    expect(await runModule(greet, { name: 'A' })).toMatchObject({ state: 'failed', reason: 'invalidInput', output: null });
    // One line that names the member: it is what a list of runs shows.
    expect((await runModule(greet, { name: 'A' })).error?.message).toMatch(/^name: Too small.*$/);
    expect(await runModule(greet)).toMatchObject({ state: 'failed', reason: 'invalidInput' });
    const error = { name: 'TypeError', message: 'no rows', stack: expect.stringContaining('run-module.test.ts') };
    expect(await runModule(failing(new TypeError('no rows')))).toMatchObject({ state: 'failed', reason: 'error', error });
    const gaveUp = await runModule(failing(new GiveUp('it is gone'), { retry: { maxAttempts: 3 } }));
    expect(gaveUp).toMatchObject({ state: 'failed', reason: 'gaveUp', attempt: 1, error: { message: 'it is gone' } });
    expect(await runModule(failing(new Skip('no rows')))).toMatchObject({ state: 'skipped', reason: 'byModule', message: 'no rows' });
  });

  it('has all attempts that its policies grant, without waiting between them', async () => {
    const flaky = doing(
      (_input, { attempt, idempotencyKey }) => {
        if (attempt < 3) throw new Error(`not yet ${attempt}`);
        return idempotencyKey;
      },
      { retry: { maxAttempts: 3, backoff: '15m' } },
    );
    const run = await runModule(flaky);
    expect(run).toMatchObject({
      state: 'succeeded',
      attempt: 3,
      attempts: [{ state: 'failed' }, { state: 'failed' }, { state: 'succeeded' }],
    });
    expect(run.durationMs).toBeGreaterThan(2_000);
    expect(run.output).toMatch(/-20270104T070000Z$/);
    const twice = await runModule(flaky, undefined, { policies: { retry: { maxAttempts: 2 } } });
    expect(twice).toMatchObject({ state: 'failed', attempt: 2, error: { message: 'not yet 2' } });
    expect(await runModule(flaky, undefined, { attempt: 3 })).toMatchObject({ state: 'succeeded', attempts: [{ attempt: 3 }] });
  });

  it('is told what the options say', async () => {
    const told = doing((_input, { job, dueAt, late, deadline, runId }) => ({ job, dueAt, late, deadline, runId }), { timeout: '2m' });
    const dueAt = new Date('2027-03-28T01:00:00Z');
    const job = { id: 'nightly', description: 'every night', tags: ['sales'] };
    expect((await runModule(told, undefined, { dueAt, late: true, job })).output).toEqual({
      job,
      dueAt: '2027-03-28T01:00:00.000Z',
      late: true,
      deadline: '2027-03-28T01:02:00.000Z',
      runId: '20270328T010000Z',
    });
  });

  it('hides secrets of its input and of the environment', async () => {
    const run = await runModule(greet, { name: 'Ada hunter2!', password: 'correct horse' }, { secrets: ['hunter2!'] });
    expect(JSON.stringify(run.log)).toContain('hello Ada ***');
    expect(run.input).toMatchObject({ password: '***' });
    expect(JSON.stringify(run)).not.toContain('correct horse');
  });

  it('takes what arrives of an input as JSON', async () => {
    const dates = defineModule({ description: 'reads a date', input: z.object({ day: z.any() }), run: ({ day }) => typeof day });
    expect((await runModule(dates, { day: new Date(0) })).output).toBe('string');
  });
});

describe('a timeout', () => {
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });

  it('takes as long as timers do: no time when they are faked', async () => {
    vi.useFakeTimers();
    const run = runModule(doing((_input, { signal }) => sleep(600_000, signal), { timeout: '5m', retry: { maxAttempts: 2 } }));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(await run).toMatchObject({ state: 'timedOut', attempts: [{ state: 'timedOut' }, { state: 'timedOut' }] });
  });

  it('is over two seconds later for a module that does not listen', async () => {
    vi.useFakeTimers();
    const run = runModule(doing(() => sleep(600_000)));
    await vi.advanceTimersByTimeAsync(62_000);
    expect(await run).toMatchObject({ state: 'timedOut', durationMs: 62_000, error: { message: expect.stringContaining('60 s') } });
  });

  it('is not met by a module that is done in time', async () => {
    expect(await runModule(doing(() => sleep(20)))).toMatchObject({ state: 'succeeded', durationMs: 0 });
    expect(await runModule(doing((_input, { signal }) => sleep(5_000, signal), { timeout: '1s' }))).toMatchObject({ state: 'timedOut' });
  });
});

it('refuses options that no job could have', async () => {
  const quick = doing(() => 1);
  await expect(runModule(quick, undefined, { policies: { timeout: '20m' } })).rejects.toThrow('/policies/timeout "20m": a duration');
  await expect(runModule(quick, undefined, { dueAt: '2027-01-04 07:00' })).rejects.toThrow('with Z or an offset');
  await expect(runModule(quick, undefined, { attempt: 0 })).rejects.toThrow('attempt 0');
  await expect(runModule(quick, undefined, { job: { id: 'a b' } })).rejects.toThrow('a job id has');
  await expect(runModule(doing(() => 1, { retry: { maxAttempts: 11 } }))).rejects.toThrow('/policies/retry/maxAttempts 11');
  // @ts-expect-error: the input is typed by the module
  expect((await runModule(greet, { name: 1 })).reason).toBe('invalidInput');
});
