import { describe, expect, it } from 'vitest';
import { limitsOnTheWay, PUBLISHED } from './bench/scale-limits.ts';
import { DAY, demandOf, FROM, type Group, type Limit, MIX, mixed, queued, scale, secondsFor } from './bench/scale-model.ts';

const EIGHT = 8 * 3_600;
const group = (schedule: string, jobs: number): Group => ({ schedule, anchor: FROM - DAY, jobs });
const limit = (perSecond: number, more: Partial<Limit> = {}): Limit => ({ name: 'a limit', of: 'ticks', units: 1, perSecond, ...more });
const ticksOf = (...load: Group[]) => demandOf(load).ticks;

describe('a limit', () => {
  it('lets what is due in one second through in as many seconds as the limit goes into it', () => {
    const [bite] = scale([group('cron(0 8 * * ? *)', 2_500)], [limit(1_000)]);
    expect(bite).toMatchObject({ peak: 2_500, share: 2.5, at: EIGHT, through: 3, late: 0 });
  });

  it('bites at the first job that is not through within a minute, and is enough where that one is', () => {
    const [bite] = scale([group('cron(0 8 * * ? *)', 120_002)], [limit(1_000)]);
    expect(bite).toMatchObject({ through: 121, bites: 60_001, enough: 2_000 });
  });

  it('keeps what comes later behind what waits', () => {
    const ticks = ticksOf(group('cron(0 8 * * ? *)', 90_000), group('cron(1 8 * * ? *)', 10_000), group('cron(3 8 * * ? *)', 500));
    // 30,000 are late at 8:00; a minute later the last one waits behind them for 40 s; at 8:03 nothing is left.
    expect(queued(ticks, limit(1_000))).toEqual({ peak: 90_000, at: EIGHT, through: 90, late: 30_000 / 100_500 });
    expect(
      queued(
        ticks.map((each, second) => (second === EIGHT ? 0 : each)),
        limit(1_000),
      ),
    ).toMatchObject({ at: EIGHT + 60, through: 10 });
  });

  it('counts in its own units', () => {
    expect(queued(ticksOf(group('cron(0 8 * * ? *)', 500)), limit(1_000, { units: 4 }))).toMatchObject({ peak: 2_000, through: 2 });
  });

  it('that grows lets more through in each further second', () => {
    // 10 + 20 + 30 + 40.
    expect([99, 100, 101].map((backlog) => secondsFor(backlog, { perSecond: 10, growth: 10 }))).toEqual([4, 4, 5]);
    const ticks = ticksOf(group('cron(0 8 * * ? *)', 100), group('cron(0 9 * * ? *)', 11));
    expect(queued(ticks, limit(10, { growth: 10 }))).toMatchObject({ at: EIGHT, through: 4 });
  });

  it('never empties what is more in a day than passes in a day', () => {
    const everyMinute = (jobs: number) => queued(ticksOf(group('cron(* * * * ? *)', jobs)), limit(1)).through;
    expect([60, 61].map(everyMinute)).toEqual([60, Infinity]);
  });
});

describe('the demand', () => {
  it('of seconds is a tick a minute, a message each, and an invocation for either', () => {
    const { ticks, messages, invocations, runs } = demandOf([group('rate(30 seconds)', 10)]);
    const from = (seconds: Float64Array) => [0, 1, 30, 60, 90].map((second) => seconds[second]);
    expect(from(ticks)).toEqual([10, 0, 0, 10, 0]);
    expect(from(messages)).toEqual([10, 0, 10, 10, 10]);
    expect(from(invocations)).toEqual([20, 0, 10, 20, 10]);
    expect(runs.every((each, second) => each === messages[second])).toBe(true);
  });

  it('of a day that is a Monday and the first of a month is of both', () => {
    const due = (schedule: string) => ticksOf(group(schedule, 1)).reduce((sum, each) => sum + each, 0);
    const schedules = ['cron(0 8 ? * MON *)', 'cron(0 8 ? * TUE *)', 'cron(0 8 1 * ? *)', 'cron(0 8 2 * ? *)', 'at(2027-02-01T08:00:00)'];
    expect(schedules.map(due)).toEqual([1, 0, 1, 0, 1]);
  });

  it('is the same for the same seed, and of as many jobs as were asked for', () => {
    const load = mixed(10_000_000, undefined, 7, 500);
    expect(mixed(10_000_000, undefined, 7, 500)).toEqual(load);
    expect(mixed(10_000_000, undefined, 8, 500)).not.toEqual(load);
    expect(load.reduce((sum, { jobs }) => sum + jobs, 0)).toBeCloseTo(10_000_000);
    expect(MIX.reduce((sum, [ofThousand]) => sum + ofThousand, 0)).toBe(1_000);
  });
});

it('another quota than the published one moves its limit', () => {
  const [first] = limitsOnTheWay({ ...PUBLISHED, ticks: { limit: 20_000 } });
  expect(first).toMatchObject({ of: 'ticks', perSecond: 20_000 });
});
