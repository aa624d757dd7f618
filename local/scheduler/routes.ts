import { SchedulerError } from './errors.ts';
import type { Operation } from './operation.ts';
import { createSchedule } from './operations/create-schedule.ts';
import { createScheduleGroup } from './operations/create-schedule-group.ts';
import { deleteSchedule } from './operations/delete-schedule.ts';
import { deleteScheduleGroup } from './operations/delete-schedule-group.ts';
import { getSchedule } from './operations/get-schedule.ts';
import { getScheduleGroup } from './operations/get-schedule-group.ts';
import { listScheduleGroups } from './operations/list-schedule-groups.ts';
import { listSchedules } from './operations/list-schedules.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateSchedule } from './operations/update-schedule.ts';

/** The twelve operations, by their collection, whether a resource of it is named, and the method. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST schedules/': createSchedule,
  'PUT schedules/': updateSchedule,
  'GET schedules/': getSchedule,
  'DELETE schedules/': deleteSchedule,
  'GET schedules': listSchedules,
  'POST schedule-groups/': createScheduleGroup,
  'GET schedule-groups/': getScheduleGroup,
  'DELETE schedule-groups/': deleteScheduleGroup,
  'GET schedule-groups': listScheduleGroups,
  'POST tags/': tagResource,
  'DELETE tags/': untagResource,
  'GET tags/': listTagsForResource,
};

/** Finds the operation of a request, and the resource that its path names, decoded; an ARN may come with its slash unescaped. */
export function operationFor(method: string, path: string): { operation: Operation; resource: string } {
  const [, collection = '', resource = ''] = /^\/([a-z-]+)(?:\/(.*))?$/.exec(path) ?? [];
  const operation = OPERATIONS[`${method} ${collection}${resource === '' ? '' : '/'}`];
  if (!operation || (collection !== 'tags' && resource.includes('/')))
    throw new SchedulerError('UnknownOperationException', `There is no operation ${method} ${path}.`);
  return { operation, resource: decoded(resource) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
