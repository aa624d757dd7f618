import { Fault } from './fault.ts';

/** A cron field whose items are values, ranges and steps. */
export interface ValueField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on, in upper case. */
  readonly names?: readonly string[];
}

/**
 * Parses a comma list of `*`, `a`, `a-b`, each with an optional `/step`, to its sorted values.
 *
 * `a/step` runs from a to the field's end. A range may wrap around (`20-2`), but not in a field of years.
 */
export function parseValues(field: ValueField, text: string, at: number): number[] {
  const values = new Set<number>();
  let itemAt = at;
  for (const item of text.split(',')) {
    for (const value of parseItem(field, item, itemAt)) values.add(value);
    itemAt += item.length + 1;
  }
  return [...values].sort((a, b) => a - b);
}

/** Reads one number or name of the field. */
export function readValue(field: ValueField, text: string, at: number): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? field.min + named : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.min && value <= field.max) return value;
  const names = field.names ? ` or ${field.names[0]}-${field.names.at(-1)}` : '';
  throw new Fault({
    at,
    rule: `a value of ${field.name} is from ${field.min} to ${field.max}${names}, received ${JSON.stringify(text)}`,
    fix: 'use such a value, a list (a,b), a range (a-b) or steps (a/b)',
  });
}

function parseItem(field: ValueField, item: string, at: number): number[] {
  const slash = item.indexOf('/');
  const base = slash < 0 ? item : item.slice(0, slash);
  const step = slash < 0 ? 1 : readStep(field, item.slice(slash + 1), at + slash + 1);
  if (base === '*') return steps(field.min, field.max, step);
  const dash = base.indexOf('-');
  const from = readValue(field, dash < 0 ? base : base.slice(0, dash), at);
  if (dash < 0) return slash < 0 ? [from] : steps(from, field.max, step);
  const to = readValue(field, base.slice(dash + 1), at + dash + 1);
  if (from <= to) return steps(from, to, step);
  if (field.name === 'year') {
    throw new Fault({ at, rule: 'a range of years does not run backwards', fix: `write ${to}-${from}` });
  }
  const size = field.max - field.min + 1;
  return steps(from, to + size, step).map((value) => (value > field.max ? value - size : value));
}

/** A step is no longer than the field, as Quartz and EventBridge have it (sixty minutes are refused). */
function readStep(field: ValueField, text: string, at: number): number {
  const longest = field.name === 'year' ? field.max - field.min : field.max;
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step >= 1 && step <= longest) return step;
  throw new Fault({
    at,
    rule: `a step of ${field.name} is from 1 to ${longest}, received ${JSON.stringify(text)}`,
    fix: 'use such a step',
  });
}

function steps(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}
