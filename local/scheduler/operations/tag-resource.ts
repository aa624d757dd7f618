import * as z from 'zod';
import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { taggedGroup } from '../tagged.ts';
import { validate } from '../validate.ts';

/** POST /tags/{ResourceArn} */
export const tagResource: Operation = ({ store, time }, { resource, body }) => {
  const shape = z.object({ resourceArn: shapes.taggedArn, Tags: shapes.tags });
  const { resourceArn, Tags } = validate(shape, { ...(body as object), resourceArn: resource });
  const group = taggedGroup(store, resourceArn);
  for (const { Key, Value } of Tags) group.tags.set(Key, Value);
  group.modifiedAt = time.now();
  return {};
};
