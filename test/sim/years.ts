import { Cron } from 'croner';
import { createJob } from '../../core/job/create-job.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { Chance } from '../../testing/simulator/chance.ts';
import { randomFaults } from '../../testing/simulator/faults.ts';
import { simulatedModules } from '../../testing/simulator/modules.ts';
import { SimulatedStage } from '../../testing/simulator/stage.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

const DAY = 86_400_000;
const START = Date.parse('2027-01-01T00:00:30Z');
const JOBS = 10;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo'];
const FAULTS = 0.02;

/** A job, and when it is due by another calendar than ours: croner's, or a sum. */
interface Planned {
  readonly schedule: string;
  readonly timezone: string;
  dueTimes(from: Instant, to: Instant): Instant[];
}

export interface YearsSum {
  readonly jobYears: number;
  readonly dueTimes: number;
  readonly faults: number;
  /** How many runs there are of each state. */
  readonly states: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** Lives years with ten jobs, with faults, and holds each due time against its answers. */
export async function liveYears(seed: number, years = 10): Promise<YearsSum> {
  const clock = new VirtualClock(START);
  const modules = simulatedModules();
  const stage = new SimulatedStage({ clock, seed, tickLateness: 50_000, skew: 0, modulesOf: () => modules });
  stage.reconcileEvery = DAY / 2;
  let faults = 0;
  const chances = randomFaults(seed, FAULTS);
  stage.faults = {
    fate(place, fates) {
      const fate = chances.fate(place, fates);
      if (fate) faults += 1;
      return fate;
    },
  };
  const planned = Array.from({ length: JOBS }, (_, n) => plan(new Chance(seed, `job ${n}`)));
  for (const [n, { schedule, timezone }] of planned.entries()) {
    const body = { id: `job-${n}`, module: 'quick', schedule, timezone };
    await stage.calmly(async () => {
      const made = await stage.until(stage.ask(`create ${n}`, (ports) => createJob(ports, body)));
      if (!made?.ok) throw new Error(`${schedule} was refused: ${JSON.stringify(made)}`);
    });
  }
  const created = clock.now();
  await stage.pass(years * 365 * DAY);
  const to = clock.now() - 2 * DAY;
  stage.faults = { fate: () => undefined };
  await stage.pass(2 * DAY);

  const violations: string[] = [];
  let dueTimes = 0;
  const states: Record<string, number> = {};
  for (const [n, one] of planned.entries()) {
    const job = await stage.services.jobs.get(`job-${n}` as never);
    if (!job) throw new Error(`job-${n} is gone`);
    const answers = new Map<Instant, number>();
    const answer = (at: Instant) => answers.set(at, (answers.get(at) ?? 0) + 1);
    const due = one.dueTimes(created, to);
    const { runs } = await stage.services.runs.list(job.uid, { limit: Number.MAX_SAFE_INTEGER });
    for (const run of runs) {
      states[run.state] = (states[run.state] ?? 0) + 1;
      if (run.state === 'missed') for (const at of due) at >= run.missed.from && at <= run.missed.to && answer(at);
      else answer(run.dueAt);
      if (run.state === 'running' || run.state === 'waiting') violations.push(`seed ${seed} job-${n} ${run.runId} is ${run.state}`);
    }
    for (const at of due)
      if (answers.get(at) !== 1)
        violations.push(`seed ${seed} ${one.schedule} ${one.timezone} ${new Date(at).toISOString()} has ${answers.get(at) ?? 0} answers`);
    const known = new Set(due);
    for (const at of answers.keys())
      if (at <= to && !known.has(at)) violations.push(`seed ${seed} ${one.schedule} ${new Date(at).toISOString()} was not due`);
    dueTimes += due.length;
  }
  return { jobYears: years * JOBS, dueTimes, faults, states, violations: violations.slice(0, 10) };
}

function plan(chance: Chance): Planned {
  const timezone = chance.pick(ZONES);
  // Outside the hours in which clocks change both calendars agree on what a local time means.
  const [minute, hour] = [chance.below(60), 5 + chance.below(16)];
  const crons: readonly (readonly [aws: string, unix: string])[] = [
    [`cron(${minute} ${hour} * * ? *)`, `${minute} ${hour} * * *`],
    [`cron(${minute} ${hour} ? * MON-FRI *)`, `${minute} ${hour} * * 1-5`],
    [`cron(${minute} ${hour} ? * SUN *)`, `${minute} ${hour} * * 0`],
    [`cron(${minute} ${hour} 1,15 * ? *)`, `${minute} ${hour} 1,15 * *`],
    [`cron(${minute} ${hour} L * ? *)`, `${minute} ${hour} L * *`],
    [`cron(${minute} ${hour} 29 2 ? *)`, `${minute} ${hour} 29 2 *`],
    [`cron(${minute} ${hour} ? * 6#2 *)`, `${minute} ${hour} * * 5#2`],
  ];
  if (chance.is(0.2)) {
    const days = 1 + chance.below(13);
    // A rate counts from the first whole second after its creation.
    const anchor = Math.ceil(START / 1_000) * 1_000;
    return {
      schedule: `rate(${days} day${days === 1 ? '' : 's'})`,
      timezone,
      dueTimes: (from, to) =>
        Array.from({ length: Math.floor((to - anchor) / (days * DAY)) }, (_, n) => anchor + (n + 1) * days * DAY).filter((at) => at > from),
    };
  }
  const [aws, unix] = chance.pick(crons);
  return {
    schedule: aws,
    timezone,
    dueTimes(from, to) {
      const cron = new Cron(unix, { timezone });
      const due: Instant[] = [];
      for (let at = cron.nextRun(new Date(from)); at && at.getTime() <= to; at = cron.nextRun(at)) due.push(at.getTime());
      return due;
    },
  };
}
