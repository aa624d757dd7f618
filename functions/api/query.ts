import type { Context } from 'hono';
import { instant } from '../../core/contract/bodies.ts';
import { type Result, refused, success } from '../../core/contract/problems.ts';
import type { QueryRules } from '../../core/contract/queries.ts';
import { nearest } from '../../core/contract/suggestion.ts';
import type { Instant } from '../../core/schedule/schedule.ts';

export type Query<Rules extends QueryRules> = {
  readonly [Name in keyof Rules]: (Rules[Name] extends readonly (infer Value)[] ? Value : string) | undefined;
};

const LONGEST = 200;

/** Reads the members of a query, each given once at most; one that is not known would silently list too much. */
export function readQuery<const Rules extends QueryRules>(c: Context, rules: Rules): Result<Query<Rules>> {
  const names = Object.keys(rules);
  const read: Record<string, string> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (!names.includes(name)) {
      const near = nearest({ received: name, candidates: names });
      return refused(
        'malformed',
        `${shown(name)} is not a member of this query${near ? `; did you mean ${near}?` : names.length > 0 ? `: ${names.join(', ')}.` : ': it has none.'}`,
      );
    }
    const rule = rules[name] ?? 'text';
    const [given = '', ...others] = values;
    const value = rule === 'flag' && given === '' ? 'true' : given;
    if (others.length > 0) return refused('malformed', `${name}: it is given once, received ${values.length} times.`);
    if (value === '' || value.length > LONGEST) return refused('malformed', `${name}: a text of 1 to ${LONGEST} characters.`);
    const allowed = rule === 'flag' ? FLAG : rule;
    if (allowed !== 'text' && !allowed.includes(value))
      return refused('malformed', `${name}: one of ${allowed.join(', ')}, received ${shown(value)}.`);
    read[name] = value;
  }
  return success(read as Query<Rules>);
}

const FLAG = ['true', 'false'];

/** Reads an instant of a query. */
export function readInstant(text: string | undefined, name: string, byDefault: Instant): Result<Instant> {
  if (text === undefined) return success(byDefault);
  const read = instant.safeParse(text);
  return read.success
    ? success(Date.parse(read.data))
    : refused('malformed', `${name}: ${read.error.issues[0]?.message}; received ${shown(text)}.`);
}

/** Reads a whole number of a query, from 1 up to a maximum. */
export function readWhole(text: string | undefined, name: string, { default: byDefault, max }: Size): Result<number> {
  const number = text === undefined ? byDefault : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= max) return success(number);
  return refused('malformed', `${name}: a whole number from 1 to ${max}, received ${shown(text ?? '')}.`);
}

export interface Size {
  readonly default: number;
  readonly max: number;
}

/** What was received, no more of it than a sentence bears. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, 50));
}
