import { invalid } from '../errors.ts';
import { type Operation, once, queryMembers } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { validate } from '../validate.ts';

/** How long the schedules of a group outlive its deletion, in milliseconds: AWS deletes them in the background. */
const TAKES = 1_000;

/** DELETE /schedule-groups/{Name}: a group without schedules is gone at once, another one when its schedules are. */
export const deleteScheduleGroup: Operation = ({ store, firing, time }, { resource, query }) => {
  const { name, clientToken } = validate(shapes.named, { ...queryMembers(query), name: resource });
  return once(store, clientToken, `group ${name}`, { delete: name }, () => {
    if (name === 'default') throw invalid('The default schedule group cannot be deleted.');
    const group = store.openGroup(name);
    const finish = () => {
      for (const schedule of group.schedules.from('', '')) firing.disarm(schedule);
      store.groups.delete(name);
    };
    store.removeGroup(group, time.now());
    if (group.schedules.size === 0) finish();
    else time.after(TAKES, finish);
    return {};
  });
};
