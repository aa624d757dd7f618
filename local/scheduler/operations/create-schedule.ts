import { conflict } from '../errors.ts';
import { type Operation, once } from '../operation.ts';
import { arnBase } from '../scope.ts';
import * as shapes from '../shapes.ts';
import { checkTarget } from '../target.ts';
import { readTiming } from '../timing.ts';
import { validate } from '../validate.ts';

/** POST /schedules/{Name} */
export const createSchedule: Operation = ({ store, firing, time, assume }, { resource, body, isNamed }) => {
  const { name, ...request } = validate(shapes.namedSchedule, { ...(body as object), name: resource });
  return once(store, request.ClientToken, `schedule ${request.GroupName}/${name}`, { create: request }, () => {
    const createdAt = time.now();
    const timing = readTiming(request, createdAt);
    checkTarget(request.Target, store.scope.region);
    const { schedules } = store.openGroup(request.GroupName);
    if (schedules.get(name)) throw conflict(`Schedule ${name} already exists.`);
    assume(request.Target.RoleArn);
    // A schedule of nobody in particular is of its role's account.
    const owner = isNamed ? store.scope.account : (request.Target.RoleArn.split(':')[4] ?? '');
    const arn = `${arnBase(store.scope, owner)}schedule/${request.GroupName}/${name}`;
    const schedule = { name, arn, request, timing, createdAt, modifiedAt: createdAt };
    store.put(schedule);
    firing.arm(schedule);
    return { ScheduleArn: arn };
  });
};
