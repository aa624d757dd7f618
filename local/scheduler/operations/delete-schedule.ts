import { type Operation, once, queryMembers } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { validate } from '../validate.ts';

/** DELETE /schedules/{Name} */
export const deleteSchedule: Operation = ({ store, firing }, { resource, query }) => {
  const { name, groupName, clientToken } = validate(shapes.named, {
    ...queryMembers(query),
    name: resource,
  });
  return once(store, clientToken, `schedule ${groupName}/${name}`, { delete: name }, () => {
    const schedule = store.get(groupName, name);
    store.remove(schedule);
    firing.disarm(schedule);
    return {};
  });
};
