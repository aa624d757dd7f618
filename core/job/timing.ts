import { isoInstant } from '../contract/instant.ts';
import type { MemberError, Result } from '../contract/problems.ts';
import { refusedFor, success } from '../contract/problems.ts';
import { Fault } from '../schedule/fault.ts';
import type { Timing } from '../schedule/occurrences.ts';
import { dueOf, nextOccurrence } from '../schedule/occurrences.ts';
import { parseSchedule } from '../schedule/parse.ts';
import type { AtSchedule, Instant, Schedule } from '../schedule/schedule.ts';
import type { Spelling } from '../schedule/spelling.ts';
import type { Zone } from '../schedule/zone.ts';
import { nearestShownTimes, zoneNamed } from '../schedule/zone.ts';
import { zoneNames } from '../schedule/zone-names.ts';
import type { JobTiming } from './job.ts';

/** How a request says when a job is due. */
export interface TimingRequest {
  readonly schedule: Spelling;
  readonly timezone?: string | undefined;
  readonly start?: string | null | undefined;
  readonly end?: string | null | undefined;
}

/** An `at` this old is still accepted, and runs at once. */
export const AT_GRACE = 60_000;

/** Reads a request's timing as of `now`, or says which member is wrong; whether it can ever be due is not looked at. */
export function readTiming(request: TimingRequest, now: Instant): Result<Timing> {
  const zone = zoneNamed(request.timezone ?? 'UTC');
  if (!zone) return refusedFor(unknownTimezone(request.timezone));
  const schedule = readSchedule(request.schedule);
  if (!schedule.ok) return schedule;
  const start = request.start ? Math.ceil(Date.parse(request.start) / 1000) * 1000 : null;
  const end = request.end ? wholeSecond(Date.parse(request.end)) : null;
  return success({ schedule: schedule.value, zone, start, end, anchor: start ?? wholeSecond(now), since: now });
}

/** The timing of a stored job; its members were checked when they were stored. */
export function timingOf(job: JobTiming & { readonly timingFrom: Instant }): Timing {
  const zone = zoneNamed(job.timezone);
  if (!zone) throw new Error(`time zone ${job.timezone} is not in this machine's tz data`);
  return { schedule: parsedOnce(job.schedule), zone, start: job.start, end: job.end, anchor: job.anchor, since: job.timingFrom };
}

/** A page of jobs, and the runs of one, name the same schedules again and again. */
const MAX_PARSED = 1_000;
const parsed = new Map<string, Schedule>();

function parsedOnce(spelling: Spelling): Schedule {
  const key = typeof spelling === 'string' ? spelling : JSON.stringify(spelling);
  const known = parsed.get(key);
  if (known) return known;
  if (parsed.size >= MAX_PARSED) parsed.clear();
  const schedule = parseSchedule(spelling);
  parsed.set(key, schedule);
  return schedule;
}

/** What is wrong with a timing that can never be due from now on, if that is so. */
export function neverDue(timing: Timing, now: Instant): MemberError | undefined {
  const { schedule, start, end } = timing;
  if (schedule.kind === 'at') return atNeverDue(schedule, timing.zone, now);
  if (start !== null && end !== null && end < start) {
    return { pointer: '/end', code: 'neverFires', rule: 'the end is not before the start', fix: 'move one of them' };
  }
  if (nextOccurrence(timing, now) !== undefined) return undefined;
  if (end !== null) {
    return { pointer: '/end', code: 'neverFires', rule: 'at least one due time lies between now and the end', fix: 'move the end' };
  }
  return {
    pointer: '/schedule',
    code: 'neverFires',
    rule: 'at least one date to come fits all fields, and here none does',
    fix: 'correct the day, week, month or year',
  };
}

function atNeverDue(at: AtSchedule, zone: Zone, now: Instant): MemberError | undefined {
  const due = dueOf(at, zone);
  const wrong = (rule: string, fix: string): MemberError => ({ pointer: '/schedule', code: 'neverFires', rule, fix });
  if (due === undefined && 'wallTime' in at) {
    const [before, after] = nearestShownTimes(at.wallTime, zone);
    return wrong(`clocks in ${zone.name} jump over that time`, `use ${before} or ${after}`);
  }
  if (due !== undefined && due >= now - AT_GRACE) return undefined;
  return wrong(
    `an at lies ahead, or at most ${AT_GRACE / 1000} s back; this one was ${isoInstant(due ?? 0)}`,
    'use a later time, or check the time zone',
  );
}

function readSchedule(spelling: Spelling): Result<Schedule> {
  try {
    return success(parseSchedule(spelling));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { member, at, rule, fix } = error;
    const received = typeof spelling === 'string' ? spelling : member && (spelling as unknown as Record<string, unknown>)[member];
    return refusedFor({
      pointer: member === undefined ? '/schedule' : `/schedule/${member}`,
      code: 'invalidSchedule',
      ...(received !== undefined && { received }),
      rule: typeof spelling === 'string' || at > 0 ? `character ${at + 1}: ${rule}` : rule,
      fix,
    });
  }
}

function unknownTimezone(received: string | undefined): MemberError {
  return {
    pointer: '/timezone',
    code: 'unknownTimezone',
    received,
    rule: 'a time zone is an IANA name',
    fix: 'for example Europe/Berlin or UTC',
    candidates: zoneNames(),
  };
}

function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}
