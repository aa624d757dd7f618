import { checkName, readTiming } from '../constraints.ts';
import type { ScheduleRequest } from '../store.ts';
import type { Operation } from './operation.ts';

/** PUT /schedules/{Name}: replaces everything; what is left out goes back to its default. */
export const updateSchedule: Operation = ({ store, firing, now }, { name: received, body }) => {
  const request = body as ScheduleRequest;
  const name = checkName('name', received);
  const before = store.get(request.GroupName ?? 'default', name);
  const modifiedAt = now();
  const schedule = { ...before, request, timing: readTiming(request, modifiedAt, modifiedAt), modifiedAt };
  store.put(schedule);
  firing.arm(schedule);
  return { ScheduleArn: schedule.arn };
};
