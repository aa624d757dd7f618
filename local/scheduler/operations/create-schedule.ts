import { checkName, readTiming } from '../constraints.ts';
import { SchedulerError } from '../errors.ts';
import type { ScheduleRequest } from '../store.ts';
import type { Operation } from './operation.ts';

/** POST /schedules/{Name} */
export const createSchedule: Operation = ({ store, firing, now }, { name: received, body }) => {
  const request = body as ScheduleRequest;
  const name = checkName('name', received);
  const group = request.GroupName ?? 'default';
  if (store.group(group).has(name)) throw new SchedulerError('ConflictException', `Schedule ${name} already exists.`);
  const createdAt = now();
  const timing = readTiming(request, createdAt, createdAt);
  const schedule = { name, group, arn: store.arnOf(group, name), request, timing, createdAt, modifiedAt: createdAt };
  store.put(schedule);
  firing.arm(schedule);
  return { ScheduleArn: schedule.arn };
};
