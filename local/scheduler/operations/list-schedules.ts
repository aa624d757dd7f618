import { checkMaxResults } from '../constraints.ts';
import { invalid } from '../errors.ts';
import type { Operation } from './operation.ts';

/** GET /schedules: summaries in pages, the oldest first; the token is the name of the page's last schedule. */
export const listSchedules: Operation = ({ store }, { query }) => {
  const group = query.get('ScheduleGroup');
  const prefix = query.get('NamePrefix') ?? '';
  const state = query.get('State');
  const limit = checkMaxResults(query.get('MaxResults'));
  const token = query.get('NextToken');
  const last = token === null ? null : Buffer.from(token, 'base64url').toString();
  const all = group === null ? store.all() : [...store.group(group).values()];
  const from = last === null ? 0 : all.findIndex(({ arn }) => arn === last) + 1;
  if (last !== null && from === 0) throw invalid('Invalid NextToken.');
  const matching = all
    .slice(from)
    .filter(({ name, request }) => name.startsWith(prefix) && (!state || (request.State ?? 'ENABLED') === state));
  const page = matching.slice(0, limit);
  return {
    Schedules: page.map(({ arn, name, group: GroupName, request, createdAt, modifiedAt }) => ({
      Arn: arn,
      Name: name,
      GroupName,
      State: request.State ?? 'ENABLED',
      CreationDate: createdAt / 1000,
      LastModificationDate: modifiedAt / 1000,
      Target: { Arn: request.Target.Arn },
    })),
    ...(matching.length > limit && { NextToken: Buffer.from(page.at(-1)?.arn ?? '').toString('base64url') }),
  };
};
