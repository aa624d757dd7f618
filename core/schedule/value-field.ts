import { Fault } from './fault.ts';
import { numbers, sorted } from './schedule.ts';

/** A cron field whose items are values, ranges and steps. */
export interface ValueField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on, in upper case. */
  readonly names?: readonly string[];
  /** Whether a range may run past the end and on from the start (`20-2`). */
  readonly wraps?: boolean;
  /** The longest step; `range`: the length of the range it steps through. */
  readonly longestStep: number | 'range';
  /** What to write in place of what is no value of it. */
  readonly fix?: string;
}

/**
 * Parses a comma list of `*`, `a`, `a-b`, each with an optional `/step`, to its sorted values.
 *
 * `a/step` runs from a to the field's end.
 */
export function parseValues(field: ValueField, text: string, at: number): number[] {
  if (text === '*') return numbers(field.min, field.max);
  const values: number[] = [];
  for (const item of itemsOf(text, at)) values.push(...parseItem(field, item.text, item.at));
  return sorted(values);
}

/** A piece of a schedule and its offset in the whole. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** The items of a comma list. */
export function itemsOf(text: string, at: number): Piece[] {
  return splitAt(',', text, at);
}

/** The fields of a text, one or more blanks apart. */
export function fieldsOf(text: string, at: number): Piece[] {
  return splitAt(' ', text, at).filter((piece) => piece.text !== '');
}

function splitAt(separator: string, text: string, at: number): Piece[] {
  let next = at;
  return text.split(separator).map((part) => {
    const piece = { text: part, at: next };
    next += part.length + 1;
    return piece;
  });
}

/** Reads one number or name of the field. */
export function readValue(field: ValueField, text: string, at: number): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? field.min + named : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.min && value <= field.max) return value;
  const names = field.names ? ` or ${field.names[0]}-${field.names.at(-1)}` : '';
  throw new Fault({
    at,
    rule: `a value of ${field.name} is from ${field.min} to ${field.max}${names}, received ${JSON.stringify(text.slice(0, 40))}`,
    fix: field.fix ?? 'use such a value, a list (a,b), a range (a-b) or steps (a/b)',
  });
}

function parseItem(field: ValueField, item: string, at: number): number[] {
  const slash = item.indexOf('/');
  const base = slash < 0 ? item : item.slice(0, slash);
  const dash = base.indexOf('-');
  const [from, to] =
    base === '*' ? [field.min, field.max] : dash <= 0 ? [readValue(field, base, at), undefined] : readRange(field, base, dash, at);
  if (slash < 0) return to === undefined ? [from] : stepped(field, from, to, 1);
  const last = to ?? field.max;
  return stepped(field, from, last, readStep(field, last - from, item.slice(slash + 1), at + slash + 1));
}

function readRange(field: ValueField, base: string, dash: number, at: number): [number, number] {
  const from = readValue(field, base.slice(0, dash), at);
  const to = readValue(field, base.slice(dash + 1), at + dash + 1);
  if (from > to && !field.wraps) {
    throw new Fault({
      at,
      rule: `a range of ${field.name} does not run backwards`,
      fix: `write ${field.name === 'year' ? spanOf(field, to, from, base) : aroundTheEnd(field, from, to, base)}`,
    });
  }
  return [from, to];
}

/** What a range that runs past the end is meant to say: `22-2` is `22-23,0-2`. */
function aroundTheEnd(field: ValueField, from: number, to: number, like: string): string {
  const last = field.names ? field.min + field.names.length - 1 : field.max;
  return `${spanOf(field, from, last, like)},${spanOf(field, field.min, to, like)}`;
}

/** A range of a field, in names or numbers, as a text has them. */
function spanOf(field: ValueField, from: number, to: number, like: string): string {
  const spell = (value: number) => {
    const name = /\d/.test(like) ? undefined : field.names?.[value - field.min];
    return like === like.toLowerCase() ? (name?.toLowerCase() ?? value) : (name ?? value);
  };
  return from === to ? `${spell(from)}` : `${spell(from)}-${spell(to)}`;
}

/** The values from one to another, past the end of the field and on from its start when the second is the smaller. */
function stepped(field: ValueField, from: number, to: number, step: number): number[] {
  const size = field.max - field.min + 1;
  return numbers(from, from <= to ? to : to + size, step).map((value) => (value > field.max ? value - size : value));
}

function readStep(field: ValueField, length: number, text: string, at: number): number {
  const longest = field.longestStep === 'range' ? length : field.longestStep;
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step >= 1 && step <= longest) return step;
  throw new Fault({
    at,
    rule: `a step of ${field.name} is from 1 to ${longest} here, received ${JSON.stringify(text.slice(0, 40))}`,
    fix: 'use such a step',
  });
}
