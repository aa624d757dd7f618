import { conflict, SchedulerError } from '../errors.ts';
import { type Operation, once } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { validate } from '../validate.ts';

/** Quotas of the User Guide, "scheduler-quotas". */
const MOST_GROUPS = 500;

/** POST /schedule-groups/{Name} */
export const createScheduleGroup: Operation = ({ store, time }, { resource, body }) => {
  const { name, ClientToken, Tags = [] } = validate(shapes.createGroup, { ...(body as object), name: resource });
  return once(store, ClientToken, `group ${name}`, { create: Tags }, () => {
    if (store.groups.get(name)) throw conflict(`Schedule group ${name} already exists.`);
    if (store.groups.size >= MOST_GROUPS)
      throw new SchedulerError('ServiceQuotaExceededException', `An account has at most ${MOST_GROUPS} schedule groups in a Region.`);
    const group = store.addGroup(name, time.now());
    for (const { Key, Value } of Tags) group.tags.set(Key, Value);
    store.changed(group, group.createdAt);
    return { ScheduleGroupArn: group.arn };
  });
};
