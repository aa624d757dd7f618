import { type Operation, queryMembers } from '../operation.ts';
import { readToken, writeToken } from '../page.ts';
import * as shapes from '../shapes.ts';
import { validate } from '../validate.ts';
import { shownGroup } from './get-schedule-group.ts';

/** GET /schedule-groups: in pages, in the order of their names. */
export const listScheduleGroups: Operation = ({ store }, { query: received }) => {
  const { NextToken, MaxResults, ...query } = validate(shapes.listGroups, queryMembers(received));
  const found = [...store.groups.from(query.NamePrefix, readToken(NextToken, { groups: query }).group)];
  const page = found.slice(0, MaxResults);
  const end = page.at(-1);
  return {
    ScheduleGroups: page.map(shownGroup),
    ...(end && found.length > MaxResults && { NextToken: writeToken({ groups: query }, end.name, '') }),
  };
};
