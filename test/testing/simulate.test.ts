import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineModule, Skip } from '../../core/define-module.ts';
import { modules as registry } from '../../jobs/index.ts';
import { type RunView, simulate } from '../../testing/index.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const quick = defineModule({ description: 'ends at once', run: (_input, { dueAt }) => Date.now() - dueAt.getTime() });
const slow = defineModule({
  description: 'takes so long',
  input: z.object({ seconds: z.int() }),
  policies: { timeout: '5m' },
  run: ({ seconds }) => sleep(seconds * 1_000),
});
const flaky = defineModule({
  description: 'succeeds at its third attempt',
  policies: { retry: { maxAttempts: 3, backoff: '1m' } },
  run(_input, { attempt }) {
    if (attempt < 3) throw new Error('not yet');
  },
});
const failing = defineModule({
  description: 'fails',
  run() {
    throw new Error('it is down');
  },
});
const idle = defineModule({
  description: 'has nothing to do',
  run() {
    throw new Skip('no rows');
  },
});
const deaf = defineModule({ description: 'never ends', policies: { timeout: '30s' }, run: () => new Promise(() => undefined) });
const modules = { quick, slow, flaky, failing, idle, deaf };

const at = (time: string) => `2027-01-04T${time}Z`;
const brief = (runs: readonly RunView[]) => runs.map(({ dueAt, state, reason }) => [dueAt.slice(11, 19), reason ?? state].join(' '));

describe('simulate', () => {
  it('runs jobs at their due times, in order, and shows them as they are in the end', async () => {
    const { runs, jobs } = await simulate({
      modules,
      jobs: [
        { id: 'b', module: 'quick', schedule: 'rate(2 hours)' },
        { id: 'a', module: 'idle', schedule: '0 8 * * *' },
        { id: 'quick', schedule: `at(2027-01-04T08:30:00)`, description: 'once' },
      ],
      from: new Date(at('06:00:00')),
      to: at('10:00:00'),
    });
    expect(runs.map(({ jobId, startedAt, state }) => [jobId, startedAt, state])).toEqual([
      ['b', at('08:00:00'), 'succeeded'],
      ['a', at('08:00:00'), 'skipped'],
      ['quick', at('08:30:00'), 'succeeded'],
      ['b', at('10:00:00'), 'succeeded'],
    ]);
    expect(runs[0]).toMatchObject({ module: 'quick', output: 0, latenessMs: 0 });
    expect(jobs.map(({ id, state, nextRun }) => [id, state, nextRun])).toEqual([
      ['b', 'active', at('12:00:00')],
      ['a', 'active', '2027-01-05T08:00:00Z'],
      ['quick', 'completed', null],
    ]);
    expect(jobs[0]?.lastRun).toMatchObject({ dueAt: at('10:00:00'), state: 'succeeded' });
  });

  it('comes to the same every time', async () => {
    const twice = await Promise.all(
      [1, 2].map(() =>
        simulate({ modules, jobs: [{ id: 'flaky', schedule: 'rate(10 minutes)' }], from: at('00:00:00'), to: at('02:00:00') }),
      ),
    );
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]?.runs).toHaveLength(12);
  });

  it('tries again after the pauses of production', async () => {
    const { runs } = await simulate({
      modules,
      jobs: [{ id: 'flaky', schedule: 'rate(1 hour)' }],
      from: at('00:00:00'),
      to: at('01:30:00'),
    });
    expect(runs).toMatchObject([{ state: 'succeeded', attempt: 3, attempts: [{ state: 'failed' }, { state: 'failed' }, {}] }]);
    const pauses = runs[0]?.attempts
      .slice(1)
      .map(({ startedAt }, n) => Date.parse(startedAt) - Date.parse(runs[0]?.attempts[n]?.endedAt ?? ''));
    expect(Math.min(...(pauses ?? []))).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...(pauses ?? []))).toBeLessThan(120_000);
  });

  it('skips what overlaps, unless that is allowed', async () => {
    const job = { module: 'slow', schedule: 'rate(1 minute)', input: { seconds: 90 } } as const;
    const span = { modules, from: at('00:00:00'), to: at('00:04:59') };
    const { runs } = await simulate({ ...span, jobs: [{ id: 'job', ...job }] });
    expect(brief(runs)).toEqual(['00:01:00 succeeded', '00:02:00 overlap', '00:03:00 succeeded', '00:04:00 overlap']);
    expect(runs[0]?.durationMs).toBe(90_000);
    const allowed = await simulate({ ...span, jobs: [{ id: 'job', ...job, policies: { overlap: 'allow' } }] });
    expect(brief(allowed.runs)).toEqual(['00:01:00 succeeded', '00:02:00 succeeded', '00:03:00 succeeded', '00:04:00 running']);
  });

  it('times out what takes too long, and what it waited for in vain', async () => {
    const { runs } = await simulate({
      modules,
      jobs: [
        { id: 'slow', schedule: 'at(2027-01-04T00:01:00)', input: { seconds: 600 } },
        { id: 'deaf', schedule: 'at(2027-01-04T00:20:00)' },
      ],
      from: at('00:00:00'),
      to: at('00:30:00'),
    });
    expect(runs.map(({ state, durationMs }) => [state, durationMs])).toEqual([
      ['timedOut', 302_000],
      ['timedOut', 32_000],
    ]);
  });

  it('pauses a job that fails again and again', async () => {
    const { runs, jobs } = await simulate({
      modules,
      jobs: [{ id: 'failing', schedule: 'rate(10 minutes)', policies: { autoPause: 3 } }],
      from: at('00:00:00'),
      to: at('02:00:00'),
    });
    expect(brief(runs)).toEqual(['00:10:00 error', '00:20:00 error', '00:30:00 error']);
    expect(jobs[0]).toMatchObject({ state: 'paused', paused: { by: 'autoPause' } });
  });

  it('runs to the second', async () => {
    const { runs } = await simulate({
      modules,
      jobs: [{ id: 'quick', schedule: 'rate(20 seconds)' }],
      from: at('00:00:00'),
      to: at('00:05:00'),
    });
    expect(runs.map(({ latenessMs }) => latenessMs)).toEqual(Array(15).fill(0));
  });

  it.each([
    ['spring', '30 2 * * *', '2027-03-27T12:00:00Z', ['2027-03-29T00:30:00Z']],
    ['autumn', '30 2 * * *', '2027-10-30T12:00:00Z', ['2027-10-31T00:30:00Z', '2027-11-01T01:30:00Z']],
    ['spring', { type: 'cron', hour: '1-3', minute: 15 }, '2027-03-27T23:00:00Z', ['2027-03-28T00:15:00Z', '2027-03-28T01:15:00Z']],
  ] as const)('obeys the change of clocks in %s: %j', async (_season, schedule, from, due) => {
    const to = new Date(Date.parse(from) + 1.75 * 86_400_000);
    const jobs = [{ id: 'quick', schedule, timezone: 'Europe/Berlin' }] as const;
    const { runs } = await simulate({ modules, jobs, from, to });
    expect(runs.map(({ dueAt }) => dueAt).slice(0, due.length)).toEqual(due);
  });

  it('takes the registry of jobs/index.ts', async () => {
    const jobs = [{ id: 'beat', module: 'heartbeat', schedule: 'rate(1 minute)' }] as const;
    const { runs } = await simulate({ modules: registry, jobs, from: at('00:00:00'), to: at('00:02:00') });
    expect(runs.map(({ output }) => output)).toEqual([{ latenessMs: 0 }, { latenessMs: 0 }]);
  });
});

describe('time inside a module', () => {
  it('is virtual for Date, setTimeout and setInterval, and nowhere else', async () => {
    const before = { Date, setTimeout };
    let ticks = 0;
    const watch = defineModule({
      description: 'watches the time',
      async run() {
        const times: unknown[] = [Date.now(), new Date().toISOString()];
        const interval = setInterval(() => ticks++, 10_000);
        clearTimeout(setTimeout(() => times.push(-1), 5_000));
        await sleep(35_000);
        clearInterval(interval);
        times.push(Date.now());
        return { times, ticks, isDate: new Date(0) instanceof Date, text: typeof Date() };
      },
    });
    const simulated = simulate({
      modules: { watch },
      jobs: [{ id: 'watch', schedule: 'rate(1 hour)' }],
      from: at('00:00:00'),
      to: at('01:30:00'),
    });
    await sleep(1);
    expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(5_000);
    const start = Date.parse(at('01:00:00'));
    expect((await simulated).runs[0]?.output).toEqual({
      times: [start, new Date(start).toISOString(), start + 35_000],
      ticks: 3,
      isDate: true,
      text: 'string',
    });
    expect({ Date, setTimeout }).toEqual(before);
  });

  it('stands still while a module really works', async () => {
    const reads = defineModule({
      description: 'reads',
      run: async () => (await import('node:fs/promises')).readFile(new URL(import.meta.url), 'utf8').then(({ length }) => length > 0),
    });
    const jobs = [{ id: 'reads', schedule: 'rate(1 minute)' }] as const;
    const { runs } = await simulate({ modules: { reads }, jobs, from: at('00:00:00'), to: at('00:05:00') });
    expect(runs.map(({ output, durationMs }) => [output, durationMs])).toEqual(Array(5).fill([true, 0]));
  });
});

describe('a simulation', () => {
  const span = { modules, from: at('00:00:00'), to: at('01:00:00') };

  it('is refused with what the API would say of a job', async () => {
    const refused = (...jobs: object[]) => expect(simulate({ ...span, jobs: jobs as never })).rejects;
    const job = { id: 'quick', schedule: 'rate(1 hour)' };
    await refused(job, { id: 'x', schedule: 'rate(1 hour)' }).toThrow(/^jobs\[1\]: \/id "x": a module is.*There are quick, slow,/);
    await refused({ ...job, schedule: '61 * * * *' }).toThrow(/^jobs\[0\]: \/schedule .*61/);
    await refused({ ...job, timezone: 'Mars' }).toThrow('jobs[0]: /timezone "Mars"');
    await refused({ ...job, module: 'slow', input: { secs: 5 } }).toThrow(/jobs\[0\]: \/input\/.*\n\/input\//);
    await refused({ ...job, colour: 'red' }).toThrow('/colour "colour": only the members of the API');
    await refused({ ...job, fromFile: true, schedule: undefined }).toThrow('no .schedule file');
    await refused(job, job).toThrow('jobs[1]: A job "quick" exists already');
    await refused({ ...job, schedule: 'at(2020-01-01T00:00:00)' }).toThrow('jobs[0]: /schedule');
  });

  it('has a beginning before its end, and modules that can be', async () => {
    await expect(simulate({ ...span, jobs: [], to: '2026-01-01T00:00:00Z' })).rejects.toThrow('"to" lies before "from"');
    await expect(simulate({ ...span, jobs: [], from: 'tomorrow' })).rejects.toThrow('from "tomorrow": an instant');
    const wrong = defineModule({ description: 'is wrong', policies: { timeout: '1x' }, run: () => 1 });
    await expect(simulate({ ...span, modules: { wrong }, jobs: [{ id: 'wrong', schedule: 'rate(1 hour)' }] })).rejects.toThrow(
      'wrong: /policies',
    );
  });

  it('knows by type what jobs there may be', () => {
    // Never called: the compiler is what checks it.
    const typed = () => {
      simulate({ ...span, jobs: [{ id: 'x', module: 'slow', schedule: 'rate(1 hour)', input: { seconds: 1 } }] });
      // @ts-expect-error: no such module
      simulate({ ...span, jobs: [{ id: 'x', module: 'slw', schedule: 'rate(1 hour)' }] });
      // @ts-expect-error: another input
      simulate({ ...span, jobs: [{ id: 'x', module: 'slow', schedule: 'rate(1 hour)', input: { seconds: '1' } }] });
      // @ts-expect-error: no module of that name
      simulate({ ...span, jobs: [{ id: 'x', schedule: 'rate(1 hour)' }] });
      // @ts-expect-error: the registry's modules have types, too
      simulate({ ...span, modules: registry, jobs: [{ id: 'http-check', schedule: 'rate(1 hour)', input: { uri: '' } }] });
    };
    expect(typed).toBeTypeOf('function');
  });

  it('of two days with a job every minute', { timeout: 120_000 }, async () => {
    const before = performance.now();
    const jobs = [{ id: 'quick', schedule: '* * * * *' }] as const;
    const { runs } = await simulate({ modules, jobs, from: '2027-01-01T00:00:00Z', to: '2027-01-03T00:00:00Z' });
    expect(runs.filter(({ state }) => state === 'succeeded')).toHaveLength(2_880);
    // For the record; how long it takes depends on what else the machine does.
    console.log(`two days of a job a minute: ${Math.round(performance.now() - before)} ms`);
  });
});
