import { parseAwsExpression } from '../../core/schedule/aws-expression.ts';
import { Fault } from '../../core/schedule/fault.ts';
import { dueOf, nextOccurrence, type Timing } from '../../core/schedule/occurrences.ts';
import type { Schedule } from '../../core/schedule/schedule.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';
import { invalid } from './errors.ts';
import type { ScheduleRequest } from './shapes.ts';

/** EventBridge refuses a StartDate older than this. */
const OLDEST_START_MS = 5 * 60_000;

/** Reads what a request means in time, with AWS's texts where they are known and the stricter answer where nothing is. */
export function readTiming(request: ScheduleRequest, now: number): Timing {
  checkWindow(request.FlexibleTimeWindow);
  const start = request.StartDate === undefined ? null : request.StartDate * 1_000;
  const end = request.EndDate === undefined ? null : request.EndDate * 1_000;
  const schedule = readExpression(request.ScheduleExpression);
  const zone = zoneNamed(request.ScheduleExpressionTimezone);
  if (!zone) throw invalid(`The timezone ${request.ScheduleExpressionTimezone} is not valid.`);
  if (start !== null && start < now - OLDEST_START_MS) throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (start !== null && end !== null && start >= end) throw invalid('The StartDate you specify must come before the EndDate.');
  // A rate without a StartDate is invoked right after it was made or changed, and counts from there.
  const anchor = start ?? now;
  const timing = { schedule, zone, start: schedule.kind === 'rate' ? anchor : start, end, anchor, since: now };
  if (isNever(timing)) throw invalidExpression(request.ScheduleExpression);
  return timing;
}

/** Whether there is no such time, whatever start and end say. */
function isNever(timing: Timing): boolean {
  const { schedule, zone } = timing;
  if (schedule.kind === 'rate') return false;
  return schedule.kind === 'at'
    ? dueOf(schedule, zone) === undefined
    : nextOccurrence({ ...timing, start: null, end: null }, 0) === undefined;
}

function readExpression(expression: string): Schedule {
  try {
    return parseAwsExpression(expression);
  } catch (error) {
    throw error instanceof Fault ? invalidExpression(expression) : error;
  }
}

function invalidExpression(expression: string) {
  return invalid(`Invalid Schedule Expression ${expression}.`);
}

function checkWindow({ Mode, MaximumWindowInMinutes: minutes }: ScheduleRequest['FlexibleTimeWindow']): void {
  if (Mode === 'FLEXIBLE' && minutes === undefined)
    throw invalid('MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE');
  if (Mode === 'OFF' && minutes !== undefined)
    throw invalid('MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF');
}
