import { parseAwsExpression } from '../../core/schedule/aws-expression.ts';
import { Fault } from '../../core/schedule/fault.ts';
import type { Timing } from '../../core/schedule/occurrences.ts';
import type { Schedule } from '../../core/schedule/schedule.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';
import { invalid } from './errors.ts';
import type { ScheduleRequest } from './store.ts';

/** EventBridge refuses a StartDate older than this. */
const OLDEST_START_MS = 5 * 60_000;

const NAME = /^[0-9a-zA-Z_.-]{1,64}$/;
const ROLE_ARN = /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const LAMBDA_ARN = /^arn:aws(-[a-z]+)?:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(:[\w$-]+)?$/;

export function checkName(member: string, value: unknown): string {
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw invalid(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
  );
}

/** A page has 1 to 100 entries; how many it has without a wish is not documented. */
export function checkMaxResults(received: string | null): number {
  const count = Number(received ?? 100);
  if (Number.isInteger(count) && count >= 1 && count <= 100) return count;
  throw invalid(
    `1 validation error detected: Value '${received}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100`,
  );
}

/** Checks a request as EventBridge does, with its texts where they are known, and returns what it means in time. */
export function readTiming(request: ScheduleRequest, createdAt: number, now: number): Timing {
  for (const member of ['ScheduleExpression', 'Target', 'FlexibleTimeWindow'] as const) {
    if (request[member] === undefined)
      throw invalid(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
  }
  checkEnum('state', request.State, ['ENABLED', 'DISABLED']);
  checkEnum('actionAfterCompletion', request.ActionAfterCompletion, ['NONE', 'DELETE']);
  checkWindow(request.FlexibleTimeWindow);
  checkTarget(request.Target);
  const start = request.StartDate === undefined ? null : request.StartDate * 1000;
  const end = request.EndDate === undefined ? null : request.EndDate * 1000;
  if (start !== null && start < now - OLDEST_START_MS) throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (start !== null && end !== null && start >= end) throw invalid('The StartDate you specify must come before the EndDate.');
  const schedule = readExpression(request.ScheduleExpression);
  const zone = zoneNamed(request.ScheduleExpressionTimezone ?? 'UTC');
  if (!zone) throw invalid(`The timezone ${request.ScheduleExpressionTimezone} is not valid.`);
  // A rate without a StartDate is invoked right after its creation, and counts from there.
  const anchor = start ?? createdAt;
  return { schedule, zone, start: schedule.kind === 'rate' ? anchor : start, end, anchor, since: now };
}

function readExpression(expression: string): Schedule {
  try {
    return parseAwsExpression(expression);
  } catch (error) {
    if (error instanceof Fault) throw invalid(`Invalid Schedule Expression ${expression}.`);
    throw error;
  }
}

function checkEnum(member: string, value: string | undefined, values: readonly string[]): void {
  if (value === undefined || values.includes(value)) return;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}

function checkWindow({ Mode, MaximumWindowInMinutes: minutes }: ScheduleRequest['FlexibleTimeWindow']): void {
  checkEnum('flexibleTimeWindow.mode', Mode, ['OFF', 'FLEXIBLE']);
  if (Mode === 'FLEXIBLE' && minutes === undefined)
    throw invalid('MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE');
  if (Mode === 'OFF' && minutes !== undefined)
    throw invalid('MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF');
}

function checkTarget({ Arn, RoleArn, Input }: ScheduleRequest['Target']): void {
  if (typeof Arn !== 'string' || !LAMBDA_ARN.test(Arn))
    throw invalid(`${String(Arn).split(':')[2] ?? Arn} is not a supported service for a target`);
  if (typeof RoleArn !== 'string' || !ROLE_ARN.test(RoleArn))
    throw invalid(`Value '${RoleArn}' at 'target.roleArn' failed to satisfy constraint: an IAM role ARN`);
  if (Input === undefined) return;
  try {
    JSON.parse(Input);
  } catch {
    throw invalid('JSON syntax error in input for the target');
  }
}
