import type { Job } from '../../core/job/job.ts';
import { effectivePolicies } from '../../core/job/policies.ts';
import { render, scheduleName } from '../../core/job/render.ts';
import { timingOf } from '../../core/job/timing.ts';
import { isEnded, type Run } from '../../core/run/run.ts';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { Chance } from './chance.ts';
import { Simulation } from './simulation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const IDS = ['a', 'b', 'c'];
const SCHEDULES = ['rate(1 minute)', 'rate(7 minutes)', 'rate(20 seconds)', 'cron(0/10 * * * ? *)', 'cron(15 * * * ? *)'];

export interface HistoryOptions {
  readonly seed: number;
  readonly operations: number;
  readonly faults: number;
  /** Breaks something first, to see that it is found. */
  readonly mutate?: (sim: Simulation) => void;
}

export interface History {
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly effects: number;
}

/** Lives through a random history, lets the faults stop, and says which invariants of docs/guarantees.md did not hold. */
export async function live({ seed, operations, faults, mutate }: HistoryOptions): Promise<History> {
  const sim = new Simulation({ seed, faults });
  mutate?.(sim);
  const chance = new Chance(seed ^ 0x5eed);
  const violations: string[] = [];
  const committed = watchJobs(sim);
  const ended = new Map<string, string>();

  for (let n = 0; n < operations; n++) {
    await operate(sim, chance);
    await sim.pass(chance.below(4 * MINUTE));
    await checkEnded(sim, committed, ended, violations);
  }
  sim.heal();
  // The longest that anything may take to be found: a lease, five receives of a message, an orphan's age.
  await sim.pass(120 * MINUTE);
  const last = sim.reconcile(true);
  await sim.pass(10 * MINUTE);
  await last;

  await checkEnded(sim, committed, ended, violations);
  checkEffects(sim, committed, violations);
  await checkSchedules(sim, violations);
  await checkAnswers(sim, committed, violations);
  return { violations, trace: sim.trace, effects: sim.effects.length };
}

async function operate(sim: Simulation, chance: Chance): Promise<void> {
  const id = chance.pick(IDS);
  const schedule = () => {
    if (chance.is(0.8)) return chance.pick(SCHEDULES);
    return `at(${new Date(sim.clock.now() + chance.below(30) * MINUTE).toISOString().slice(0, 19)})`;
  };
  const policies = {
    overlap: chance.pick(['skip', 'allow'] as const),
    retry: { maxAttempts: 1 + chance.below(3), backoff: '20s' },
    catchUp: { run: chance.pick(['latest', 'all', 'none'] as const), within: '1h' },
  };
  const operations = [
    () => sim.create(id, schedule(), chance.pick(['quick', 'fails', 'slow']), policies),
    () => sim.create(id, schedule(), chance.pick(['quick', 'fails', 'slow']), policies),
    () => sim.patch(id, schedule()),
    () => sim.pause(id),
    () => sim.resume(id),
    () => sim.run(id),
    () => sim.delete(id),
    async () => sim.meddle(),
    async () => undefined,
  ];
  await chance.pick(operations)();
}

/** Every version of every job, as it was committed. */
function watchJobs(sim: Simulation): Map<string, Job[]> {
  const versions = new Map<string, Job[]>();
  const note = (job: Job) => versions.set(job.uid, [...(versions.get(job.uid) ?? []), job]);
  const { create, replace } = sim.jobs;
  sim.jobs.create = async (job) => {
    const before = await sim.jobs.get(job.id);
    const created = await create(job);
    if (created === 'created' && before?.uid !== job.uid) note(job);
    return created;
  };
  sim.jobs.replace = async (job, intent) => {
    const before = await sim.jobs.get(job.id);
    const replaced = await replace(job, intent);
    if (replaced === 'replaced' && before?.rev !== job.rev) note(job);
    return replaced;
  };
  return versions;
}

async function runsOf(sim: Simulation, uid: string): Promise<readonly Run[]> {
  return (await sim.runs.list(uid as never, { limit: 100_000 })).runs;
}

/** S4: what has ended stays as it is. */
async function checkEnded(sim: Simulation, committed: Map<string, Job[]>, ended: Map<string, string>, violations: string[]): Promise<void> {
  for (const uid of committed.keys()) {
    for (const run of await runsOf(sim, uid)) {
      if (!isEnded(run)) continue;
      const key = `${uid} ${run.runId}`;
      const text = JSON.stringify(run);
      if ((ended.get(key) ?? text) !== text) violations.push(`S4 ${key} changed after its end`);
      ended.set(key, text);
    }
  }
}

/** S1, S5 and S6, by what the modules did. */
function checkEffects(sim: Simulation, committed: Map<string, Job[]>, violations: string[]): void {
  const byRun = new Map<string, number>();
  for (const { jobUid, runId } of sim.effects) byRun.set(`${jobUid} ${runId}`, (byRun.get(`${jobUid} ${runId}`) ?? 0) + 1);
  for (const [key, count] of byRun) {
    const [job] = committed.get(key.split(' ')[0] ?? '') ?? [];
    const { maxAttempts } = effectivePolicies(job?.policies ?? {}, undefined).retry;
    if (count > maxAttempts) violations.push(`S6 ${key} was executed ${count} times, at most ${maxAttempts}`);
  }
  for (const [n, effect] of sim.effects.entries()) {
    const [job] = committed.get(effect.jobUid) ?? [];
    const isAlone = effectivePolicies(job?.policies ?? {}, undefined).overlap === 'skip';
    for (const other of sim.effects.slice(n + 1)) {
      if (other.jobUid !== effect.jobUid || effect.to === null || other.from >= effect.to) continue;
      if (other.runId === effect.runId) violations.push(`S1 ${effect.jobId} ${effect.runId} was executed twice at once`);
      else if (isAlone) violations.push(`S5 ${effect.jobId} ${effect.runId} and ${other.runId} ran at once`);
    }
  }
}

/** L1 and L5: jobs and schedules correspond. */
async function checkSchedules(sim: Simulation, violations: string[]): Promise<void> {
  const now = sim.clock.now();
  const expected = new Set<string>();
  for (const id of IDS) {
    const job = await sim.jobs.get(id as never);
    if (!job) continue;
    if (job.intent !== null) violations.push(`L1 ${id} has an intent left: ${job.intent}`);
    const isOver = !job.paused && nextOccurrence(timingOf(job), now) === undefined;
    const wanted = render(job);
    if (wanted && !isOver) {
      expected.add(scheduleName(job));
      const found = await sim.engine.compare(wanted);
      if (found !== 'same') violations.push(`L1 the schedule of ${id} is ${found}`);
    }
    if (isOver && sim.engine.schedules.has(scheduleName(job))) {
      const last = Math.max(job.end ?? 0, job.timingFrom);
      if (last < now - 125 * MINUTE) violations.push(`L5 ${id} is over and has a schedule`);
      expected.add(scheduleName(job));
    }
  }
  for (const name of sim.engine.schedules.keys()) if (!expected.has(name)) violations.push(`L1 ${name} has no job`);
}

/** L2 and L3: every due time of a job that is there has exactly one answer, and nothing else has one; nothing is stuck. */
async function checkAnswers(sim: Simulation, committed: Map<string, Job[]>, violations: string[]): Promise<void> {
  const now = sim.clock.now();
  for (const [uid, versions] of committed) {
    const [first] = versions;
    const job = first && (await sim.jobs.get(first.id));
    if (!job || job.uid !== uid) continue;
    const due = new Set(versions.flatMap((version, n) => dueTimesOf(version, versions[n + 1]?.timingFrom ?? now - 6 * MINUTE)));
    const answers = new Map<Instant, number>();
    const answer = (at: Instant) => answers.set(at, (answers.get(at) ?? 0) + 1);
    for (const run of await runsOf(sim, uid)) {
      const isStuck = (run.state === 'running' && run.lease.expiresAt < now) || (run.state === 'waiting' && run.until < now - 10 * MINUTE);
      if (isStuck) violations.push(`L3 ${job.id} ${run.runId} is ${run.state}`);
      if (run.trigger !== 'schedule') continue;
      if (run.state === 'missed') for (const at of due) if (at >= run.missed.from && at <= run.missed.to) answer(at);
      if (run.state !== 'missed') answer(run.dueAt);
      // An at that fell into a pause has its record, though nothing was due.
      const isPausedAt = run.state === 'skipped' && run.reason === 'paused';
      if (run.state !== 'missed' && !isPausedAt && !due.has(run.dueAt) && run.dueAt < now - 6 * MINUTE) {
        violations.push(`S2 ${job.id} ${run.runId} (${run.state}) was not due`);
      }
    }
    for (const at of due) {
      const count = answers.get(at) ?? 0;
      if (count !== 1) violations.push(`L2 ${job.id} ${new Date(at).toISOString()} has ${count} answers`);
    }
  }
}

/** The due times that a version of a job governs, the dumb way: second by second. */
function dueTimesOf(job: Job, until: Instant): Instant[] {
  if (job.paused || job.intent === 'delete') return [];
  const isDue = dumb(String(job.schedule), job.anchor);
  const found: Instant[] = [];
  for (let at = Math.floor(job.timingFrom / SECOND + 1) * SECOND; at <= until; at += SECOND) if (isDue(at)) found.push(at);
  return found;
}

function dumb(schedule: string, anchor: Instant): (at: Instant) => boolean {
  const rate = /^rate\((\d+) (second|minute)s?\)$/.exec(schedule);
  if (rate) {
    const period = Number(rate[1]) * (rate[2] === 'second' ? SECOND : MINUTE);
    return (at) => at > anchor && (at - anchor) % period === 0;
  }
  const every = /^cron\(0\/(\d+) /.exec(schedule);
  if (every) return (at) => at % MINUTE === 0 && ((at / MINUTE) % 60) % Number(every[1]) === 0;
  const minute = /^cron\((\d+) /.exec(schedule);
  if (minute) return (at) => at % MINUTE === 0 && (at / MINUTE) % 60 === Number(minute[1]);
  const instant = Date.parse(`${schedule.slice(3, -1)}Z`);
  return (at) => at === instant;
}
