import { type Result, refused, success } from '../contract/problems.ts';
import type { Instant } from '../schedule/schedule.ts';
import { noted } from './changes.ts';
import { getJob } from './get-job.ts';
import type { Job } from './job.ts';
import { type ProjectPorts, projectIfPossible } from './project.ts';

/** The revisions that a request accepts (If-Match); undefined = any. */
export type Condition = readonly number[] | undefined;

/** What a change makes of a job; the job itself when there is nothing to change. */
export type Change = (job: Job, now: Instant) => Promise<Result<Job>> | Result<Job>;

/** EventBridge and Lambda hand over a tick within an hour; what they did not, the reconciler accounts for, be it down for most of a day. */
const ACCOUNTED_WITHIN = 24 * 3_600_000;
/** Bounds the item; a due time of a timing before these, whose delivery is late, may have no answer. */
const MOST_PREVIOUS = 8;
/** How often a change is made again because another one came first: in each race one of them gets through. */
const MAX_RACES = 200;

/**
 * Changes a job: commits its next revision, with an intent if its due times change, and then carries that out.
 *
 * A change that comes in between is met again, unless the request named the revision it is about: then it is stale.
 */
export async function changeJob(ports: ProjectPorts, id: string, condition: Condition, change: Change): Promise<Result<Job>> {
  for (let races = 0; races < MAX_RACES; races++) {
    const found = await getJob(ports.jobs, id);
    if (!found.ok) return found;
    const before = found.value;
    if (condition && !condition.includes(before.rev)) return stale(before);
    const now = ports.clock.now();
    const changed = await change(before, now);
    if (!changed.ok || changed.value === before) return changed;
    const job = noted({ ...changed.value, rev: before.rev + 1, updatedAt: now }, before, ports.caller);
    if ((await ports.jobs.replace(job, before.intent)) === 'stale') continue;
    const isForEventBridge = job.timing !== before.timing || job.intent === 'delete';
    return success(isForEventBridge ? await projectIfPossible(ports, job, { isAlone: before.intent === null }) : job);
  }
  return refused('unavailable', `The job "${id}" is being changed by many at once; try again.`);
}

function stale({ id, rev }: Job): ReturnType<typeof refused> {
  return refused('stale', `The job "${id}" is at revision ${rev}; read it again and decide anew.`);
}

/** A job with another timing from now on; the one before still governs what was due until now. */
export function withNewTiming(job: Job, now: Instant, members: Partial<Job>): Job {
  const { schedule, timezone, start, end, anchor, timing, timingFrom } = job;
  const recent = job.previous.filter(({ until }) => until > now - ACCOUNTED_WITHIN);
  // While it was paused nothing was due: what is still under way is from before.
  const previous = job.paused ? recent : [...recent, { schedule, timezone, start, end, anchor, timing, timingFrom, until: now }];
  return {
    ...job,
    timing: timing + 1,
    timingFrom: now,
    previous: previous.slice(-MOST_PREVIOUS),
    intent: 'apply',
    rejection: null,
    ...members,
  };
}
