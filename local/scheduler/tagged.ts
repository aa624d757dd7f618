import type { Group, Store } from './store.ts';

/** The group of an ARN; the account in it is not looked at, since not every credential names one. */
export function taggedGroup(store: Store, arn: string): Group {
  return store.group(arn.slice(arn.lastIndexOf('/') + 1));
}
