import { type Operation, queryMembers } from '../operation.ts';
import { readToken, writeToken } from '../page.ts';
import * as shapes from '../shapes.ts';
import type { StoredSchedule } from '../store.ts';
import { validate } from '../validate.ts';

/** GET /schedules: summaries in pages, in the order of their groups' names and their own. */
export const listSchedules: Operation = ({ store }, { query: received }) => {
  const { NextToken, MaxResults, ...query } = validate(shapes.listSchedules, membersOf(received));
  const last = readToken(NextToken, { schedules: query });
  const groups = query.GroupName === undefined ? [...store.groups.from('', '')] : [store.group(query.GroupName)];
  const found: StoredSchedule[] = [];
  for (const { name: group, schedules } of groups) {
    if (group < last.group) continue;
    for (const schedule of schedules.from(query.NamePrefix, group === last.group ? last.name : '')) {
      if (query.State === undefined || schedule.request.State === query.State) found.push(schedule);
      if (found.length > MaxResults) break;
    }
    if (found.length > MaxResults) break;
  }
  const page = found.slice(0, MaxResults);
  const end = page.at(-1);
  return {
    Schedules: page.map(({ arn, name, request, createdAt, modifiedAt }) => ({
      Arn: arn,
      Name: name,
      GroupName: request.GroupName,
      State: request.State,
      CreationDate: createdAt / 1_000,
      LastModificationDate: modifiedAt / 1_000,
      Target: { Arn: request.Target.Arn },
    })),
    ...(end && found.length > MaxResults && { NextToken: writeToken({ schedules: query }, end.request.GroupName, end.name) }),
  };
};

/** GroupName is `ScheduleGroup` in the query. */
function membersOf(query: URLSearchParams) {
  const { ScheduleGroup: GroupName, ...members } = queryMembers(query);
  return { ...members, ...(GroupName !== undefined && { GroupName }) };
}
