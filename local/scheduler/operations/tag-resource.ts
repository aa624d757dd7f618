import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { addTags, taggedGroup } from '../tagged.ts';
import { validate } from '../validate.ts';

/** POST /tags/{ResourceArn} */
export const tagResource: Operation = ({ store, time }, { resource, body, isNamed }) => {
  const { resourceArn, Tags } = validate(shapes.tagged, { ...(body as object), resourceArn: resource });
  const group = store.openGroup(taggedGroup(store, resourceArn, isNamed).name);
  addTags(group, Tags);
  store.changed(group, time.now());
  return {};
};
