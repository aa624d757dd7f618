import { checkName } from '../constraints.ts';
import type { Operation } from './operation.ts';

/** DELETE /schedules/{Name} */
export const deleteSchedule: Operation = ({ store }, { name, query }) => {
  const schedule = store.get(query.get('groupName') ?? 'default', checkName('name', name));
  store.remove(schedule);
  return {};
};
