import { invalid, notFound } from './errors.ts';
import { arnBase } from './scope.ts';
import type { Group, Store } from './store.ts';

/** As many tags as a list of them may have. */
const MOST_TAGS = 200;

/** The group of an ARN; the account in it is looked at where the credential names one. */
export function taggedGroup({ scope, groups }: Store, arn: string, isNamed: boolean): Group {
  const [, partition, , region, account = '', resource = ''] = arn.split(':');
  const name = resource.slice(resource.indexOf('/') + 1);
  const group = groups.get(name);
  const base = `arn:${partition}:scheduler:${region}:${account}:`;
  const isElsewhere = base !== arnBase(scope, isNamed ? scope.account : account);
  if (!group || isElsewhere) throw notFound('Schedule group', name);
  return group;
}

/** Adds tags, those of a key that is there in its place. */
export function addTags(group: Group, tags: readonly { readonly Key: string; readonly Value: string }[]): void {
  const after = new Set([...group.tags.keys(), ...tags.map(({ Key }) => Key)]);
  if (after.size > MOST_TAGS) throw invalid(`A schedule group has at most ${MOST_TAGS} tags.`);
  for (const { Key, Value } of tags) group.tags.set(Key, Value);
}
