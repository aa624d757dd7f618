import { parseJobId } from '../ids.ts';
import { firstTickOf } from '../job/first-ticks.ts';
import type { Job } from '../job/job.ts';
import { type ProjectPorts, project } from '../job/project.ts';
import { render, scheduleName } from '../job/render.ts';
import { timingOf } from '../job/timing.ts';
import type { Engine, EngineRow, ListedJob } from '../ports.ts';
import { compile } from '../schedule/compile.ts';
import { nextOccurrence, previousOccurrence } from '../schedule/occurrences.ts';
import { zoneNamed } from '../schedule/zone.ts';
import type { Pace } from './pace.ts';

/** Between the commit of a job and EventBridge's own note of the change lies less than this. */
const WRITE_TAKES = 120_000;
/** What is queued for a schedule that was made a moment ago, while EventBridge may not tick for it yet. */
const QUEUED_AHEAD = 3 * 60_000;
/** EventBridge tries to hand over a tick for an hour; before that is over its schedule stays. */
const DELIVERED_WITHIN = 2 * 3_600_000;
/** A schedule that is younger may belong to a job that is not in the list yet. */
const ORPHAN_AGE = 3_600_000;

/** The schedules whose names begin so, by name; rejects when a page cannot be had. */
export async function schedulesBeginning(engine: Engine, prefix: string, pace: Pace): Promise<Map<string, EngineRow>> {
  const found = new Map<string, EngineRow>();
  let token: string | undefined;
  do {
    await pace.turn();
    const page = await engine.list(prefix, token);
    for (const schedule of page.schedules) found.set(schedule.name, schedule);
    token = page.next;
  } while (token !== undefined);
  return found;
}

/** Makes the schedule of a job anew if it is not there or not as it should be; whether it did. */
export async function compareJob(
  ports: ProjectPorts,
  listed: ListedJob,
  schedule: EngineRow | undefined,
  pace: Pace,
  isQueueLost: boolean,
): Promise<boolean> {
  const mustQueue = isQueueLost && isQueuedFor(listed, ports.clock.now());
  if (!mustQueue && !isSuspicious(listed, schedule, ports.clock.now())) return false;
  await pace.turn();
  const job = await ports.jobs.get(listed.id);
  if (!job || job.uid !== listed.uid || job.intent !== null || job.rejection !== null) return false;
  if (schedule && isOver(job, ports.clock.now())) return (await ports.engine.remove(schedule.name)).is === 'done';
  const wanted = render(job);
  if (!wanted) {
    if (!schedule) return job.paused === null && remakeIfDue(ports, job);
    return (await ports.engine.remove(schedule.name)).is === 'done';
  }
  switch (await ports.engine.compare(wanted)) {
    case 'same':
      if (mustQueue) return remake(ports, job);
      // Else every walk would read it again.
      if (schedule) await ports.jobs.noteMade(job, schedule.modifiedAt);
      return false;
    case 'differs':
      return remake(ports, job);
    case 'absent':
      return remakeIfDue(ports, job);
  }
}

/** Whether the delay queue may have held what a job is due for: it goes there by the window, or minutes before. */
function isQueuedFor(listed: ListedJob, now: number): boolean {
  if (listed.paused || !zoneNamed(listed.timezone)) return false;
  const timing = timingOf(listed);
  return compile(timing).ticks === 'windowed' || nextOccurrence(timing, now, now + QUEUED_AHEAD) !== undefined;
}

/** What the lists tell is enough for most; the others are read. */
function isSuspicious(listed: ListedJob, schedule: EngineRow | undefined, now: number): boolean {
  if (!zoneNamed(listed.timezone)) return false;
  if (!schedule) return listed.paused !== null || nextOccurrence(timingOf(listed), now) !== undefined;
  if (isOver(listed, now)) return true;
  const written = Math.max(listed.timingFrom, listed.madeAt ?? 0) + WRITE_TAKES;
  return !schedule.invokesRunnerOf(listed.module) || schedule.enabled === (listed.paused !== null) || schedule.modifiedAt > written;
}

/** Whether nothing more is due and nothing is on its way: a schedule that is left counts against the quota. */
function isOver(job: ListedJob, now: number): boolean {
  if (job.paused !== null) return false;
  const timing = timingOf(job);
  if (nextOccurrence(timing, now) !== undefined) return false;
  return (previousOccurrence(timing, now) ?? 0) < now - DELIVERED_WITHIN;
}

/** Nothing past is made again. */
async function remakeIfDue(ports: ProjectPorts, job: Job): Promise<boolean> {
  const isDue = job.paused !== null || nextOccurrence(timingOf(job), ports.clock.now()) !== undefined;
  return isDue && remake(ports, job);
}

/** Commits a new first tick, since EventBridge takes none that is five minutes old, and then makes the schedule. */
export async function remake(ports: ProjectPorts, job: Job): Promise<boolean> {
  const now = ports.clock.now();
  const firstTick = job.paused ? null : firstTickOf(timingOf(job), now);
  const reopened = { ...job, intent: 'apply', firstTick, madeAt: now } as const;
  if ((await ports.jobs.reopen(reopened, now)) === 'stale') return false;
  return (await project(ports, reopened)).intent === null;
}

/** Whether a schedule has no job, as a strong read says. */
export async function isOrphan({ jobs, clock }: ProjectPorts, { name, createdAt }: EngineRow): Promise<boolean> {
  if (createdAt > clock.now() - ORPHAN_AGE) return false;
  const dot = name.lastIndexOf('.');
  const id = dot < 0 ? undefined : parseJobId(name.slice(0, dot));
  // What has no name of ours is not ours.
  if (!id) return false;
  const job = await jobs.get(id);
  return !job || scheduleName(job) !== name;
}
