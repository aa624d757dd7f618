import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { taggedGroup } from '../tagged.ts';
import { validate } from '../validate.ts';

/** POST /tags/{ResourceArn} */
export const tagResource: Operation = ({ store, time }, { resource, body }) => {
  const { resourceArn, Tags } = validate(shapes.tagged, { ...(body as object), resourceArn: resource });
  const group = taggedGroup(store, resourceArn);
  for (const { Key, Value } of Tags) group.tags.set(Key, Value);
  group.modifiedAt = time.now();
  return {};
};
