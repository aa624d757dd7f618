import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { taggedGroup } from '../tagged.ts';
import { validate } from '../validate.ts';

/** GET /tags/{ResourceArn} */
export const listTagsForResource: Operation = ({ store }, { resource, isNamed }) => {
  const { resourceArn } = validate(shapes.resource, { resourceArn: resource });
  return { Tags: [...taggedGroup(store, resourceArn, isNamed).tags].map(([Key, Value]) => ({ Key, Value })) };
};
