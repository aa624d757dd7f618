import { INDEXES, KEYS } from './table.ts';

type Item = Readonly<Record<string, unknown>>;

/** What writing an item costs, in write units: of the table itself, and of its indexes. */
export interface WriteUnits {
  readonly table: number;
  readonly indexes: number;
}

const UNIT = 1024;
const bytes = (text: string) => new TextEncoder().encode(text).length;

/**
 * The write units of one put, update or delete, from the item as it was and as it is then (DynamoDB Developer Guide, "Capacity
 * unit consumption" and "Using global secondary indexes"): the larger of the two counts, in started kilobytes; an index is
 * written only when what it holds changes, and twice when its key does.
 */
export function writeUnits(before: Item | undefined, after: Item | undefined): WriteUnits {
  const table = units(Math.max(sizeOf(before), sizeOf(after)));
  let indexes = 0;
  for (const { partition, sort, projection } of Object.values(INDEXES)) {
    const names = [KEYS.partition, KEYS.sort, partition, sort, ...projection];
    const entry = (item: Item | undefined) => (item?.[partition] === undefined || item[sort] === undefined ? undefined : pick(item, names));
    const [was, is] = [entry(before), entry(after)];
    const isSame = JSON.stringify(was) === JSON.stringify(is);
    const isMoved = was && is && (was[partition] !== is[partition] || was[sort] !== is[sort]);
    if (isMoved) indexes += units(sizeOf(was)) + units(sizeOf(is));
    else if (!isSame) indexes += units(Math.max(sizeOf(was), sizeOf(is)));
  }
  return { table, indexes };
}

/** The size of an item as DynamoDB counts it: names and values, numbers at half a byte a digit. */
export function sizeOf(item: Item | undefined): number {
  if (!item) return 0;
  return Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + sizeOfValue(value), 0);
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return bytes(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/[-.]/g, '').replace(/0+$/, '').length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const members = Object.entries(value);
  const names = Array.isArray(value) ? 0 : members.reduce((sum, [name]) => sum + bytes(name), 0);
  return 3 + names + members.reduce((sum, [, member]) => sum + 1 + sizeOfValue(member), 0);
}

function units(size: number): number {
  return Math.max(1, Math.ceil(size / UNIT));
}

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}
