import { MASK } from '../run/redact.ts';

type Schema = Readonly<Record<string, unknown>>;

/** An input with the values of members marked `.meta({ secret: true })` masked, as answers show it. */
export function masked(input: unknown, schema: Schema | null): unknown {
  return schema ? eachSecret(input, schema, () => MASK) : input;
}

/** An input in which masks stand for what is stored: whoever sends back what was shown leaves the secrets as they are. */
export function unmasked(input: unknown, stored: unknown, schema: Schema | null): unknown {
  return schema ? eachSecret(input, schema, (value, path) => (value === MASK ? (at(stored, path) ?? value) : value)) : input;
}

/** The texts in the secret members of an input. */
export function secretsIn(input: unknown, schema: Schema | null): string[] {
  const found: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) collect(member);
    else if (value !== null && value !== undefined) found.push(String(value));
  };
  if (schema) {
    eachSecret(input, schema, (value) => {
      collect(value);
      return value;
    });
  }
  return found;
}

/** The value with each secret member replaced; the schema is JSON Schema, which keeps what zod's `.meta` was given. */
function eachSecret(input: unknown, root: Schema, replace: (value: unknown, path: readonly string[]) => unknown): unknown {
  const walk = (value: unknown, schemas: readonly Schema[], path: readonly string[]): unknown => {
    const all = schemas.flatMap((schema) => alternatives(schema, root));
    if (value !== undefined && all.some(({ secret }) => secret === true)) return replace(value, path);
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        walk(
          item,
          all.flatMap((schema) => itemsOf(schema, index)),
          [...path, String(index)],
        ),
      );
    }
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => {
      const inner = all.flatMap((schema) => asSchemas((schema.properties as Schema | undefined)?.[name] ?? schema.additionalProperties));
      return [name, walk(member, inner, [...path, name])];
    });
    return Object.fromEntries(members);
  };
  return walk(input, [root], []);
}

/** A schema and those it is made of. */
function alternatives(schema: Schema, root: Schema, depth = 0): Schema[] {
  if (depth > 10) return [];
  const { $ref: ref } = schema;
  const name = typeof ref === 'string' ? /^#\/\$defs\/(.+)$/.exec(ref)?.[1] : undefined;
  const referred = ref === '#' ? [root] : asSchemas(name === undefined ? undefined : (root.$defs as Schema | undefined)?.[name]);
  const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as Schema[]) : []));
  return [schema, ...[...referred, ...parts].flatMap((part) => alternatives(part, root, depth + 1))];
}

function itemsOf({ items, prefixItems }: Schema, index: number): Schema[] {
  return asSchemas((Array.isArray(prefixItems) ? prefixItems[index] : undefined) ?? items);
}

function asSchemas(value: unknown): Schema[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Schema] : [];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
