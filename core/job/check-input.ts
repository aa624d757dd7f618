import { MAX_INPUT_BYTES } from '../contract/bodies.ts';
import { escapePointer, meantForm } from '../contract/check-body.ts';
import { MASK } from '../contract/mask.ts';
import type { MemberError, Result } from '../contract/problems.ts';
import { refused, refusedFor, success } from '../contract/problems.ts';
import type { ModuleManifest } from '../ports.ts';
import type * as z from '../zod.ts';
import { hasMask, unmasked } from './secrets.ts';

const MAX_DEPTH = 20;
const MAX_MEMBERS = 2_000;
/** Names that mean something else to JavaScript than to JSON. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Checks an input against the module's schema; unknown members are refused, and masks stand for what is stored already.
 *
 * The input itself is returned, not what the schema would make of it: the runner parses again and is the authority.
 */
export async function checkInput(received: unknown, module: ModuleManifest, pointer: string, stored?: unknown): Promise<Result<unknown>> {
  const shape = received === undefined ? undefined : shapeError(received, pointer);
  if (shape) return refusedFor(shape);
  const input = module.input === null ? received : unmasked(received, stored, module.input);
  if (module.input !== null && hasMask(input, module.input)) {
    const rule = `${MASK} stands for a secret that is stored already, and here none is`;
    return refusedFor({ pointer, code: 'invalidInput', rule, fix: 'send the secret itself' });
  }
  if (input !== undefined && new TextEncoder().encode(JSON.stringify(input)).length > MAX_INPUT_BYTES) {
    return refused('tooLarge', `An input has at most ${MAX_INPUT_BYTES} bytes of JSON; keep large data elsewhere and pass where it is.`);
  }
  if (module.input === null) {
    if (input === undefined || input === null) return success(undefined);
    return refusedFor({ pointer, code: 'invalidInput', rule: `the module ${module.name} takes no input`, fix: 'leave the member out' });
  }
  const { schemaOf } = await import('./input-schema.ts');
  const parsed = schemaOf(module.input).safeParse(input ?? {});
  if (parsed.success) return success(input);
  const errors = parsed.error.issues.flatMap((issue) => inputErrors(issue, pointer, module.name));
  // JSON Schema says a format by its name and by its pattern, and both fail: the first of a place says it in words.
  const told = new Set<string>();
  const [first, ...others] = errors.filter(({ pointer: place }) => !told.has(place) && told.add(place));
  return first ? refusedFor(first, ...others) : success(input);
}

function inputErrors(issue: z.core.$ZodIssue, pointer: string, module: string): MemberError[] {
  const place = `${pointer}${issue.path.map((part) => `/${escapePointer(String(part))}`).join('')}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${place}/${escapePointer(key)}`,
      code: 'invalidInput',
      rule: `the module ${module} has no such member in its input`,
      fix: 'remove it or correct its name',
    }));
  }
  const meant = meantForm(issue);
  if (meant) return meant.flatMap((inner) => inputErrors(inner, place, module));
  const forms = issue.code === 'invalid_union' ? issue.errors : [];
  const rule = forms.length > 0 ? [...new Set(forms.flat().map(({ message }) => message))].join(', or ') : issue.message;
  return [{ pointer: place, code: 'invalidInput', rule, fix: `see the module's schema at /v1/modules/${module}` }];
}

/** Refuses what is too deep, too wide, or named to confuse. */
export function shapeError(input: unknown, pointer: string): MemberError | undefined {
  let members = 0;
  const walk = (value: unknown, place: string, depth: number): MemberError | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth > MAX_DEPTH)
      return { pointer: place, code: 'invalidInput', rule: `an input nests at most ${MAX_DEPTH} deep`, fix: 'flatten it' };
    for (const [key, child] of Object.entries(value)) {
      const at = `${place}/${escapePointer(key)}`;
      if (FORBIDDEN.has(key)) return { pointer: at, code: 'invalidInput', rule: `no member is named ${key}`, fix: 'rename it' };
      members += 1;
      if (members > MAX_MEMBERS)
        return { pointer, code: 'invalidInput', rule: `an input has at most ${MAX_MEMBERS} members`, fix: 'make it smaller' };
      const error = walk(child, at, depth + 1);
      if (error) return error;
    }
    return undefined;
  };
  return walk(input, pointer, 1);
}
