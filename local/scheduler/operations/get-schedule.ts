import { type Operation, queryMembers } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { validate } from '../validate.ts';

/** GET /schedules/{Name}: members that were never given are absent, but for those with a default. */
export const getSchedule: Operation = ({ store }, { resource, query }) => {
  const { name, groupName } = validate(shapes.named, { ...queryMembers(query), name: resource });
  const { request, arn, createdAt, modifiedAt } = store.get(groupName, name);
  const { ClientToken: _, ...shown } = request;
  return { ...shown, Arn: arn, Name: name, CreationDate: createdAt / 1_000, LastModificationDate: modifiedAt / 1_000 };
};
