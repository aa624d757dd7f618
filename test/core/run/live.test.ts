import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iso } from '../../support/timing.ts';
import { world } from '../../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ten = { id: 'ten', module: 'noop', schedule: 'rate(10 seconds)' };

type World = ReturnType<typeof world>;

/** All runs of a job, the oldest first. */
async function runsOf(w: World, id: string) {
  const job = await w.jobs.get(id as never);
  if (!job) throw new Error(`no job ${id}`);
  return (await w.runs.list(job.uid, { limit: 10_000 })).runs.toReversed();
}

async function dueTimes(w: World, id: string): Promise<(string | undefined)[]> {
  return (await runsOf(w, id)).map(({ dueAt }) => iso(dueAt));
}

const everyTenSeconds = (from: string, count: number) => Array.from({ length: count }, (_, n) => iso(Date.parse(from) + n * 10 * SECOND));

describe('a job every 10 seconds', () => {
  it('runs every 10 seconds from its creation on, each time once and in time', async () => {
    const w = world();
    await w.clock.advance(50_400);
    await w.request('POST', '/v1/jobs', ten);
    await w.live(10 * MINUTE);
    expect(await dueTimes(w, 'ten')).toEqual(everyTenSeconds('2027-01-01T00:01:00Z', 60));
    for (const run of await runsOf(w, 'ten')) {
      expect(run).toMatchObject({ state: 'succeeded', late: false });
      expect('startedAt' in run && run.startedAt - run.dueAt).toBeLessThanOrEqual(500);
    }
  });

  it('is as punctual when EventBridge is up to 59 seconds late', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', ten);
    let state = 7;
    await w.live(12 * MINUTE, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state % 59_000;
    });
    expect(await dueTimes(w, 'ten')).toEqual(everyTenSeconds('2027-01-01T00:00:10Z', 72));
    for (const run of await runsOf(w, 'ten')) expect('startedAt' in run && run.startedAt - run.dueAt).toBeLessThanOrEqual(500);
  });

  it('runs within 10 seconds of its creation, of its resume and of its edit, and not while it is paused', async () => {
    const w = world();
    await w.request('POST', '/v1/jobs', ten);
    await w.live(25 * SECOND);
    await w.request('POST', '/v1/jobs/ten/pause');
    await w.live(5 * MINUTE + 7_300);
    const before = await dueTimes(w, 'ten');
    expect(before).toEqual(['2027-01-01T00:00:10Z', '2027-01-01T00:00:20Z']);
    await w.request('POST', '/v1/jobs/ten/resume');
    await w.live(10 * SECOND);
    expect(await dueTimes(w, 'ten')).toEqual([...before, '2027-01-01T00:05:40Z']);
    await w.request('PATCH', '/v1/jobs/ten', { schedule: { type: 'rate', seconds: 4 } });
    await w.live(9 * SECOND);
    expect((await dueTimes(w, 'ten')).slice(3)).toEqual(['2027-01-01T00:05:46Z', '2027-01-01T00:05:50Z']);
  });

  it('doubles and loses nothing however it is paused, resumed, edited, and delivered twice', async () => {
    const steps = fc.tuple(fc.constantFrom('pause', 'resume', 'edit', 'describe', 'wait'), fc.integer({ min: 0, max: 90_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 8 }), async (history) => {
        const w = world();
        const { send } = w.queue;
        w.queue.send = (envelopes) => send.call(w.queue, [...envelopes, ...envelopes]);
        await w.request('POST', '/v1/jobs', ten);
        const expected: (string | undefined)[] = [];
        let [anchor, period, isPaused] = [w.clock.now(), 10, false];
        for (const [step, ms] of history) {
          const from = w.clock.now();
          if (step === 'pause') isPaused = (await w.request('POST', '/v1/jobs/ten/pause')).json.state === 'paused';
          if (step === 'resume') isPaused = (await w.request('POST', '/v1/jobs/ten/resume')).json.state === 'paused';
          if (step === 'describe') await w.request('PATCH', '/v1/jobs/ten', { description: `at ${from}` });
          if (step === 'edit') {
            period = period === 10 ? 7 : 10;
            anchor = Math.floor(from / SECOND) * SECOND;
            await w.request('PATCH', '/v1/jobs/ten', { schedule: `rate(${period} seconds)` });
          }
          await w.live(ms);
          for (let due = anchor + period * SECOND; !isPaused && due <= w.clock.now(); due += period * SECOND)
            if (due > from) expected.push(iso(due));
        }
        // What fell due in the last instant may still be on its way.
        await w.request('POST', '/v1/jobs/ten/pause');
        await w.live(MINUTE);
        expect(await dueTimes(w, 'ten')).toEqual(expected);
      }),
      { numRuns: 40, seed: 42 },
    );
  });
});

describe('other schedules that need the queue', () => {
  it.each([
    [
      'a cron with seconds in a zone',
      { schedule: { type: 'cron', hour: 1, minute: 5, second: '20,40' }, timezone: 'Europe/London' },
      ['2027-01-01T01:05:20Z', '2027-01-01T01:05:40Z'],
    ],
    [
      'a rate of 45 minutes and 30 seconds',
      { schedule: { type: 'rate', minutes: 45, seconds: 30 } },
      ['2027-01-01T00:45:30Z', '2027-01-01T01:31:00Z'],
    ],
    ['an at in a few seconds', { schedule: 'at(2027-01-01T00:00:07)' }, ['2027-01-01T00:00:07Z']],
    ['an at in a few minutes', { schedule: 'at(2027-01-01T00:05:00)' }, ['2027-01-01T00:05:00Z']],
    ['an at to the second', { schedule: 'at(2027-01-01T01:23:45)' }, ['2027-01-01T01:23:45Z']],
    [
      'a cron that is due before EventBridge has heard of it',
      { schedule: 'cron(* 0 * * ? *)', end: '2027-01-01T00:02:00Z' },
      ['2027-01-01T00:01:00Z', '2027-01-01T00:02:00Z'],
    ],
    [
      'a start to the second',
      { schedule: 'rate(1 hour)', start: '2027-01-01T00:00:30Z', end: '2027-01-01T01:00:30Z' },
      ['2027-01-01T00:00:30Z', '2027-01-01T01:00:30Z'],
    ],
  ])('%s', async (_, members, expected) => {
    const w = world();
    expect((await w.request('POST', '/v1/jobs', { id: 'job', module: 'noop', ...members })).status).toBe(201);
    await w.live(100 * MINUTE);
    expect(await dueTimes(w, 'job')).toEqual(expected);
    for (const run of await runsOf(w, 'job')) expect('startedAt' in run && run.startedAt - run.dueAt).toBeLessThanOrEqual(250);
  });
});
