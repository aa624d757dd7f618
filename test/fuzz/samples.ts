import type { Chance } from '../../testing/simulator/chance.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What members of such names mean, so that much of what is sent can be done: without it every body would be refused at its first member. */
const SENSIBLE: Readonly<Record<string, readonly unknown[]>> = {
  id: ['a', 'b', 'c', 'nightly', 'x.y_z-1'],
  jobId: ['a', 'b', 'c'],
  runId: ['20270101T000000Z', '20991231T235959Z-abcdefgh'],
  module: ['counter', 'counter', 'filed', 'nowhere'],
  description: [null, 'What it is for'],
  overlap: ['skip', 'allow'],
  autoPause: ['off', 3],
  maxAttempts: [1, 3],
  name: ['counter', 'filed', 'nowhere'],
  schedule: [
    'rate(1 hour)',
    'rate(7 seconds)',
    'cron(0 8 ? * MON-FRI *)',
    '*/5 9-17 * * 1-5',
    'at(2099-01-05T09:00:00)',
    { type: 'cron', hour: 3, dayOfWeek: 'mon' },
    { type: 'rate', days: 1 },
  ],
  timezone: ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe'],
  start: [null, '2027-01-01T00:00:00Z'],
  end: [null, '2099-01-01T00:00:00Z'],
  from: ['2027-01-01T00:00:00Z', '2098-12-31T00:00:00+14:00'],
  to: ['2027-01-02T00:00:00Z', '2099-01-01T00:00:00Z'],
  input: [{}, { name: 'Ada' }, { name: 7 }],
  timeout: ['1s', '2m'],
  backoff: ['30s'],
  within: ['1h'],
  keep: ['30d'],
  set: [null, 'billing', 'code'],
  tags: [[], ['finance', 'slow']],
  limit: ['1', '3', '25'],
  days: ['1', '31'],
  after: ['1-0', '1-4'],
  'If-Match': ['"1"', '"2"', '*'],
  'If-None-Match': ['*'],
  'Idempotency-Key': ['k1', 'k2', 'k3'],
};

/** Members that a job can hardly do without, though the schema lets it. */
const NEEDED = ['schedule', 'module'];

const JUNK = [
  '',
  '\u0000',
  '../..',
  '%',
  '%ff',
  '__proto__',
  'constructor',
  '💥',
  '\ud800',
  "' OR 1=1",
  '<script>',
  '9'.repeat(400),
  'a'.repeat(3_000),
  '2027-13-45T99:99:99Z',
];
const WRONG: readonly unknown[] = [null, true, -1, 0, 1.5, 1e308, [], {}, [[[]]], 'x', { __proto__: null, a: { b: { c: {} } } }];

/** Values for schemas: right ones, nearly right ones, and wrong ones. */
export class Samples {
  readonly #chance: Chance;
  readonly #schemas: Readonly<Record<string, object>>;

  constructor(chance: Chance, schemas: Readonly<Record<string, object>>) {
    this.#chance = chance;
    this.#schemas = schemas;
  }

  junk(): string {
    return this.#chance.pick(JUNK);
  }

  /** A text of a path, a query or a header. */
  text({ name, schema, in: place }: { readonly name: string; readonly schema: object; readonly in: string }): string {
    const value = this.#chance.is(0.85) ? this.value(schema, name, 0) : this.junk();
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    // A header bears no other characters, and the program that sends it refuses to.
    if (place === 'header') return text.replace(/[^\x20-\x7e]/g, '?');
    // Half of a surrogate pair has no place in a URL.
    return encodeURIComponent(Buffer.from(text).toString());
  }

  value(schema: object, name = '', depth = 0): unknown {
    const chance = this.#chance;
    if (chance.is(0.015)) return chance.is(0.5) ? this.junk() : chance.pick(WRONG);
    const known = SENSIBLE[name];
    if (known && chance.is(0.85)) return chance.pick(known);
    const { $ref, anyOf, oneOf, enum: values, const: only, type, ...rest } = schema as Schema;
    if (typeof $ref === 'string') return this.value(this.#schemas[$ref.split('/').at(-1) ?? ''] ?? {}, name, depth);
    const choices = (anyOf ?? oneOf) as readonly object[] | undefined;
    if (choices) return this.value(chance.pick(choices), name, depth);
    if (only !== undefined) return only;
    if (Array.isArray(values)) return chance.pick(values);
    switch (type) {
      case 'object':
        return this.#object(rest, depth);
      case 'array':
        return Array.from({ length: chance.below(4) }, () => this.value((rest.items ?? {}) as object, '', depth + 1));
      case 'integer':
      case 'number':
        return chance.pick([0, 1, 2, 5, -1, 59, 60, 1_000_000, 2 ** 53]);
      case 'boolean':
        return chance.is(0.5);
      case 'null':
        return null;
      case 'string':
        return chance.is(0.8) ? chance.pick(['a', 'some text', '*/5', 'mon-fri', '1h']) : this.junk();
      default:
        return depth > 3 ? 1 : chance.pick([...WRONG, { a: [1] }]);
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): object {
    const chance = this.#chance;
    const found: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(properties as Record<string, object>)) {
      const isNeeded = (required as readonly string[]).includes(name) || NEEDED.includes(name);
      const isWanted = isNeeded ? !chance.is(0.04) : chance.is(name === 'fromFile' ? 0.05 : 0.25);
      if (isWanted) found[name] = this.value(schema, name, depth + 1);
    }
    if (chance.is(additionalProperties === false ? 0.03 : 0.3)) found[chance.pick(['extra', 'scheduel', 'toString'])] = 1;
    return found;
  }
}
