import { isoInstant } from '../contract/instant.ts';
import type { MemberError, Result } from '../contract/problems.ts';
import { refusedFor, success } from '../contract/problems.ts';
import { Fault } from '../schedule/fault.ts';
import type { Timing } from '../schedule/occurrences.ts';
import { nextOccurrence } from '../schedule/occurrences.ts';
import { parseSchedule } from '../schedule/parse.ts';
import type { AtSchedule, Instant, Schedule } from '../schedule/schedule.ts';
import type { Zone } from '../schedule/zone.ts';
import { instantsOf, nearestShownTimes, zoneNamed } from '../schedule/zone.ts';
import type { Job } from './job.ts';

/** How a request says when a job is due. */
export interface TimingRequest {
  readonly schedule: string;
  readonly timezone?: string | undefined;
  readonly start?: string | null | undefined;
  readonly end?: string | null | undefined;
}

/** An `at` this old is still accepted, and runs at once. */
export const AT_GRACE = 60_000;
/** The first tick that EventBridge is asked for lies at least this far ahead, so that it cannot be past on arrival. */
const TICK_MARGIN = 60_000;

/** Reads a request's timing as of `now`, or says which member is wrong; refuses one that can never be due. */
export function readTiming(request: TimingRequest, now: Instant): Result<Timing> {
  const zone = zoneNamed(request.timezone ?? 'UTC');
  if (!zone) return refusedFor(unknownTimezone(request.timezone));
  const schedule = readSchedule(request.schedule);
  if (!schedule.ok) return schedule;
  const start = request.start ? wholeSecond(Date.parse(request.start)) : null;
  const end = request.end ? Math.floor(Date.parse(request.end) / 1000) * 1000 : null;
  const timing: Timing = { schedule: schedule.value, zone, start, end, anchor: start ?? wholeSecond(now), since: now };
  const error = neverDue(timing, now);
  return error ? refusedFor(error) : success(timing);
}

/** The timing of a stored job; its members were checked when they were stored. */
export function timingOf(job: Pick<Job, 'schedule' | 'timezone' | 'start' | 'end' | 'anchor' | 'timingFrom'>): Timing {
  const zone = zoneNamed(job.timezone);
  if (!zone) throw new Error(`time zone ${job.timezone} is not in this machine's tz data`);
  return { schedule: parseSchedule(job.schedule), zone, start: job.start, end: job.end, anchor: job.anchor, since: job.timingFrom };
}

/** The StartDate to give EventBridge for a timing committed at `now`; null where none is needed. */
export function firstTickOf(timing: Timing, now: Instant): Instant | null {
  switch (timing.schedule.kind) {
    case 'rate':
      return nextOccurrence(timing, now + TICK_MARGIN - 1) ?? null;
    case 'cron':
      return timing.start !== null && timing.start > now ? timing.start : null;
    case 'at':
      return null;
  }
}

/** From when on a timing committed at `now` counts: an `at` that is just over still belongs to it. */
export function timingFromOf(timing: Timing, now: Instant): Instant {
  const due = timing.schedule.kind === 'at' ? instantsOf(timing.schedule.wallTime, timing.zone)[0] : undefined;
  return due === undefined ? now : Math.min(now, due - 1);
}

function readSchedule(text: string): Result<Schedule> {
  try {
    return success(parseSchedule(text));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return refusedFor({
      pointer: '/schedule',
      code: 'invalidSchedule',
      received: text,
      rule: `character ${error.at + 1}: ${error.rule}`,
      fix: error.fix,
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
    candidates: Intl.supportedValuesOf('timeZone'),
  };
}

function neverDue(timing: Timing, now: Instant): MemberError | undefined {
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
    fix: 'correct the day, month or year',
  };
}

function atNeverDue(at: AtSchedule, zone: Zone, now: Instant): MemberError | undefined {
  const due = instantsOf(at.wallTime, zone)[0];
  const wrong = (rule: string, fix: string): MemberError => ({ pointer: '/schedule', code: 'neverFires', rule, fix });
  if (due === undefined) {
    const [before, after] = nearestShownTimes(at.wallTime, zone);
    return wrong(`clocks in ${zone.name} jump over that time`, `use ${before} or ${after}`);
  }
  if (due < now - AT_GRACE) {
    return wrong(
      `an at lies ahead, or at most ${AT_GRACE / 1000} s back; this one was ${isoInstant(due)}`,
      'use a later time, or check the time zone',
    );
  }
  return undefined;
}

function wholeSecond(instant: Instant): Instant {
  return Math.ceil(instant / 1000) * 1000;
}
