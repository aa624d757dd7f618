import { type Operation, once } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { checkTarget } from '../target.ts';
import { readTiming } from '../timing.ts';
import { validate } from '../validate.ts';

/** PUT /schedules/{Name}: replaces everything; what is left out goes back to its default. */
export const updateSchedule: Operation = ({ store, firing, time, assume }, { resource, body }) => {
  const { name, ...request } = validate(shapes.namedSchedule, { ...(body as object), name: resource });
  return once(store, request.ClientToken, `schedule ${request.GroupName}/${name}`, { update: request }, () => {
    const modifiedAt = time.now();
    const timing = readTiming(request, modifiedAt);
    checkTarget(request.Target, store.scope.region);
    store.openGroup(request.GroupName);
    const { arn, createdAt } = store.get(request.GroupName, name);
    assume(request.Target.RoleArn);
    const schedule = { name, arn, request, timing, createdAt, modifiedAt };
    store.put(schedule);
    firing.arm(schedule);
    return { ScheduleArn: schedule.arn };
  });
};
