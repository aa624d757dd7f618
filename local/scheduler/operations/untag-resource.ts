import type { Operation } from '../operation.ts';
import * as shapes from '../shapes.ts';
import { taggedGroup } from '../tagged.ts';
import { validate } from '../validate.ts';

/** DELETE /tags/{ResourceArn}?TagKeys=…: a key that is not there is no error. */
export const untagResource: Operation = ({ store, time }, { resource, query, isNamed }) => {
  const TagKeys = query.has('TagKeys') ? query.getAll('TagKeys') : undefined;
  const { resourceArn, TagKeys: keys } = validate(shapes.untagged, { resourceArn: resource, TagKeys });
  const group = store.openGroup(taggedGroup(store, resourceArn, isNamed).name);
  for (const key of keys) group.tags.delete(key);
  store.changed(group, time.now());
  return {};
};
