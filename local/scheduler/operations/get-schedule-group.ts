import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import type { Group } from '../store.ts';
import { validate } from '../validate.ts';

/** GET /schedule-groups/{Name} */
export const getScheduleGroup: Operation = ({ store }, { resource }) =>
  shownGroup(store.group(validate(shapes.named, { name: resource }).name));

/** A group as it is shown, alone and in lists. */
export function shownGroup({ arn, name, isDeleting, createdAt, modifiedAt }: Group) {
  return {
    Arn: arn,
    Name: name,
    State: isDeleting ? 'DELETING' : 'ACTIVE',
    // The default group was made by nobody (recorded by LocalStack's suite).
    ...(name !== 'default' && { CreationDate: createdAt / 1_000, LastModificationDate: modifiedAt / 1_000 }),
  };
}
