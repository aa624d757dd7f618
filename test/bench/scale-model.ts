import { LATE_AFTER } from '../../core/run/lateness.ts';
import { compile } from '../../core/schedule/compile.ts';
import { occurrencesBetween, type Timing } from '../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../core/schedule/parse.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';
import { Chance } from '../../testing/simulator/chance.ts';

/** Jobs with the same due times. */
export interface Group {
  readonly schedule: string;
  /** What a rate counts from. */
  readonly anchor: Instant;
  readonly jobs: number;
}

export type Load = readonly Group[];

export const DAY = 86_400_000;
/** A Monday that is the first of a month. */
export const FROM = Date.parse('2027-02-01T00:00:00Z');
const SAMPLES = 500_000;

type Draw<T> = (chance: Chance) => T;
/** Which minute of their hour people choose, and which they would choose if all minutes were the same to them. */
export const POPULAR: Draw<number> = (c) => (c.is(0.6) ? 0 : c.is(0.5) ? c.pick([15, 30, 45]) : c.below(60));
export const SPREAD: Draw<number> = (c) => c.below(60);
const hour: Draw<number> = (c) => (c.is(0.5) ? c.pick([0, 2, 6, 8, 9]) : c.below(24));
const weekday: Draw<string> = (c) => (c.is(0.5) ? 'MON' : c.pick(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']));
const date: Draw<number> = (c) => (c.is(0.5) ? 1 : 1 + c.below(28));
const two = (value: number) => String(value).padStart(2, '0');
/** How many of a thousand jobs are of a kind; all in UTC, so that nothing is spread by time zones. */
export const MIX: readonly (readonly [ofThousand: number, kind: string, schedule: (c: Chance, minute: Draw<number>) => string])[] = [
  [450, 'once a day', (c, minute) => `cron(${minute(c)} ${hour(c)} * * ? *)`],
  [250, 'once a week, half of them on Mondays', (c, minute) => `cron(${minute(c)} ${hour(c)} ? * ${weekday(c)} *)`],
  [139, 'once a month, half of them on the first', (c, minute) => `cron(${minute(c)} ${hour(c)} ${date(c)} * ? *)`],
  [100, 'once, within four weeks', (c, minute) => `at(2027-02-${two(1 + c.below(28))}T${two(hour(c))}:${two(minute(c))}:00)`],
  [50, 'hourly', (c, minute) => `cron(${minute(c)} * * * ? *)`],
  [10, 'every five minutes, half of them by the clock', (c) => c.pick(['cron(0/5 * * * ? *)', 'rate(5 minutes)'])],
  [1, 'every 30 seconds', () => 'rate(30 seconds)'],
];

/** Draws jobs from the mix: each of the samples stands for as many jobs. */
export function mixed(jobs: number, minute = POPULAR, seed = 1, samples = SAMPLES): Load {
  const groups = new Map<string, Group>();
  const bounds = MIX.map((_, index) => MIX.slice(0, index + 1).reduce((sum, [ofThousand]) => sum + ofThousand, 0));
  for (let n = 0; n < samples; n++) {
    const chance = new Chance(seed, `job ${n}`);
    const drawn = chance.below(1_000);
    const schedule = MIX[bounds.findIndex((bound) => drawn < bound)]?.[2](chance, minute) ?? '';
    const anchor = FROM - DAY - (schedule.startsWith('rate') ? 1_000 * chance.below(300) : 0);
    const key = `${schedule} ${anchor}`;
    groups.set(key, { schedule, anchor, jobs: (groups.get(key)?.jobs ?? 0) + jobs / samples });
  }
  return [...groups.values()];
}

export function timingOf({ schedule, anchor }: Pick<Group, 'schedule' | 'anchor'>): Timing {
  const zone = zoneNamed('UTC');
  if (!zone) throw new Error('no UTC');
  return { schedule: parseSchedule(schedule), zone, start: null, end: null, anchor, since: anchor };
}

/** How many there are in each second of the day: ticks of EventBridge, messages of the delay queue, invocations of the runner, runs. */
export type Demand = Readonly<Record<'ticks' | 'messages' | 'invocations' | 'runs', Float64Array>>;

export function demandOf(load: Load): Demand {
  const of = () => new Float64Array(DAY / 1_000);
  const demand = { ticks: of(), messages: of(), invocations: of(), runs: of() };
  for (const group of load) {
    const timing = timingOf(group);
    const { ticks, expression } = compile(timing);
    const add = (at: Timing, ...to: Float64Array[]) => {
      for (const due of occurrencesBetween(at, FROM - 1, FROM + DAY - 1, Infinity))
        for (const each of to) each[(due - FROM) / 1_000] = (each[(due - FROM) / 1_000] ?? 0) + group.jobs;
    };
    if (ticks === 'windowed') add(timing, demand.messages, demand.invocations, demand.runs);
    else add(timing, demand.runs);
    add(ticks === 'exact' ? timing : timingOf({ ...group, schedule: expression }), demand.ticks, demand.invocations);
  }
  return demand;
}

/** So many units of something pass in a second; with `growth`, so many more in each further second of a backlog. */
export interface Limit {
  readonly name: string;
  readonly of: keyof Demand;
  readonly units: number;
  readonly perSecond: number;
  readonly growth?: number;
}

/** In how many seconds a backlog is through. */
export function secondsFor(backlog: number, { perSecond, growth = 0 }: Pick<Limit, 'perSecond' | 'growth'>): number {
  if (growth === 0) return Math.ceil(backlog / perSecond - 1e-9);
  const half = perSecond - growth / 2;
  return Math.ceil((Math.sqrt(half * half + 2 * growth * backlog) - half) / growth - 1e-9);
}

/** What comes of a demand behind a limit. */
export interface Queued {
  /** What the worst second asks for. */
  readonly peak: number;
  /** The second whose last waits longest, and after how many seconds that is through; a backlog that no day empties: never. */
  readonly at: number;
  readonly through: number;
  /** Which part of all is late. */
  readonly late: number;
}

/** Lets through what each second asks for, first come, first served; of `factor` times the demand. */
export function queued(demand: Float64Array, { units, perSecond, growth = 0 }: Limit, factor = 1): Queued {
  const inTime = LATE_AFTER / 1_000;
  let [backlog, growing, total, late, peak, at, through] = [0, 0, 0, 0, 0, 0, 0];
  for (let second = 0; second < demand.length; second++) {
    const asked = (demand[second] ?? 0) * units * factor;
    const now = { perSecond: perSecond + growing * growth, growth };
    [backlog, total, peak] = [backlog + asked, total + asked, Math.max(peak, asked)];
    const seconds = asked > 0 ? secondsFor(backlog, now) : 0;
    if (seconds > through) [through, at] = [seconds, second];
    late += Math.min(asked, Math.max(0, backlog - now.perSecond * inTime - (growth * inTime * (inTime - 1)) / 2));
    backlog = Math.max(0, backlog - now.perSecond);
    growing = backlog > 0 ? growing + 1 : 0;
  }
  const isOverrun = growth === 0 && total > perSecond * demand.length;
  return { peak, at, through: isOverrun ? Infinity : through, late: late / total };
}

export interface Bite extends Queued {
  readonly limit: Limit;
  /** Of the limit, what the worst second asks for. */
  readonly share: number;
  /** The number of jobs of this mix from which on something is late. */
  readonly bites: number;
  /** The limit with which nothing is late: demand and limit count in proportion only. */
  readonly enough: number;
}

/** Holds a load against each limit by itself: of limits that follow one another, the tightest alone decides how late the last is. */
export function scale(load: Load, limits: readonly Limit[]): Bite[] {
  const demand = demandOf(load);
  const jobs = load.reduce((sum, group) => sum + group.jobs, 0);
  return limits.map((limit) => {
    const of = (count: number) => queued(demand[limit.of], limit, count / jobs);
    let [fits, bites] = [0, 1e12];
    while (bites - fits > 1) {
      const middle = Math.floor((fits + bites) / 2);
      if (of(middle).through * 1_000 > LATE_AFTER) bites = middle;
      else fits = middle;
    }
    const found = of(jobs);
    return { limit, ...found, share: found.peak / limit.perSecond, bites, enough: (limit.perSecond * jobs) / bites };
  });
}
