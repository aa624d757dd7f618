import { MASK } from '../contract/mask.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * An input as answers show it: the values of members marked `.meta({ secret: true })` are masked, and those of which the schema
 * knows nothing any more; without a schema, all.
 */
export function masked(input: unknown, schema: Schema | null): unknown {
  return eachSecret(input, schema, () => MASK);
}

/**
 * An input in which masks stand for what is stored: whoever sends back what was shown leaves the secrets as they are. A mask for
 * which nothing is stored in the same place stays.
 */
export function unmasked(input: unknown, stored: unknown, schema: Schema | null): unknown {
  return eachSecret(input, schema, (value, path) => (value === MASK ? (at(stored, input, path) ?? value) : value));
}

/** Whether a mask stands where a secret should. */
export function hasMask(input: unknown, schema: Schema | null): boolean {
  return secretsIn(input, schema).includes(MASK);
}

/** The texts in the secret members of an input. */
export function secretsIn(input: unknown, schema: Schema | null): string[] {
  const found: string[] = [];
  eachSecret(input, schema, (value) => {
    if (value !== null) found.push(String(value));
    return value;
  });
  return found;
}

/** Says nothing about its members: they are no secrets, unless something above them is. */
const ANYTHING: Schema = {};

/** The value with each secret leaf replaced; the schema is JSON Schema, which keeps what zod's `.meta` was given. */
function eachSecret(input: unknown, root: Schema | null, replace: (leaf: unknown, path: readonly string[]) => unknown): unknown {
  const walk = (value: unknown, schemas: readonly Schema[], path: readonly string[]): unknown => {
    const all = root === null ? [] : schemas.flatMap((schema) => alternatives(schema, root));
    const isSecret = all.length === 0 || all.some(({ secret }) => secret === true);
    // What is in a secret is secret.
    const below = (member: unknown, name: string, of: (schema: Schema) => Schema[]) =>
      walk(member, isSecret ? [] : all.flatMap(of), [...path, name]);
    if (Array.isArray(value)) return value.map((item, index) => below(item, String(index), (schema) => itemsOf(schema, index)));
    if (typeof value !== 'object' || value === null) return isSecret && value !== undefined ? replace(value, path) : value;
    const members = Object.entries(value).map(([name, member]) => [name, below(member, name, (schema) => memberOf(schema, name))]);
    return Object.fromEntries(members);
  };
  return walk(input, root === null ? [] : [root], []);
}

/** A schema and those it is made of; a schema of JSON itself would have no end. */
function alternatives(schema: Schema, root: Schema): Schema[] {
  const found = new Set<Schema>();
  const add = (one: Schema): void => {
    if (found.has(one)) return;
    found.add(one);
    const { $ref: ref } = one;
    const name = typeof ref === 'string' ? /^#\/\$defs\/(.+)$/.exec(ref)?.[1] : undefined;
    const referred = ref === '#' ? [root] : asSchemas(name === undefined ? undefined : (root.$defs as Schema | undefined)?.[name]);
    const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(one[key]) ? (one[key] as Schema[]) : []));
    for (const other of [...referred, ...parts]) add(other);
  };
  add(schema);
  return [...found];
}

function memberOf(schema: Schema, name: string): Schema[] {
  const properties = schema.properties as Schema | undefined;
  if (properties && Object.hasOwn(properties, name)) return asSchemas(properties[name]);
  if ('additionalProperties' in schema) return asSchemas(schema.additionalProperties);
  return properties ? [] : isOpen(schema) ? [ANYTHING] : [];
}

function itemsOf(schema: Schema, index: number): Schema[] {
  const { items, prefixItems } = schema;
  const found = (Array.isArray(prefixItems) ? prefixItems[index] : undefined) ?? items;
  return found === undefined ? (isOpen(schema) ? [ANYTHING] : []) : asSchemas(found);
}

/** Whether a schema admits members of which it says nothing. */
function isOpen({ type, anyOf, oneOf, allOf, $ref }: Schema): boolean {
  return type === 'object' || type === 'array' || (type === undefined && !anyOf && !oneOf && !allOf && $ref === undefined);
}

function asSchemas(value: unknown): Schema[] {
  if (value === true) return [ANYTHING];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Schema] : [];
}

/** What is stored in that place; in a list of another length nobody can tell which is which. */
function at(stored: unknown, sent: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return stored;
  if (typeof stored !== 'object' || stored === null || typeof sent !== 'object' || sent === null || !Object.hasOwn(stored, name))
    return undefined;
  if (Array.isArray(stored) && (!Array.isArray(sent) || stored.length !== sent.length)) return undefined;
  return at((stored as Schema)[name], (sent as Schema)[name], rest);
}
