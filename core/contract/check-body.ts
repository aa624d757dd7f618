import { CRON_FIELDS, RATE_FIELDS } from '../schedule/spelling.ts';
import * as z from '../zod.ts';
import { policies } from './policies.ts';
import { type MemberError, type Result, refused, refusedFor, success } from './problems.ts';

/** Reads a body that fits a schema, or says which members do not. */
export function checkBody<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return success(parsed.data);
  const known = schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
  const [first, ...others] = parsed.error.issues.flatMap((issue) => memberErrors(issue, known));
  return first ? refusedFor(first, ...others) : refused('malformed', 'The body does not fit.');
}

function memberErrors(issue: z.core.$ZodIssue, known: readonly string[], at: readonly PropertyKey[] = []): MemberError[] {
  const path = [...at, ...issue.path];
  const pointer = path.map((part) => `/${escapePointer(String(part))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapePointer(key)}`,
      code: 'unknownMember',
      received: key,
      rule: 'only the members of the API are taken, so that a misspelt one does not pass unnoticed',
      fix: 'remove it or correct its name',
      candidates: path.length === 0 ? known : (MEMBERS[pointer] ?? []),
    }));
  }
  const meant = meantForm(issue);
  if (meant) return meant.flatMap((inner) => memberErrors(inner, known, path));
  const fix = pointer.startsWith('/schedule') ? 'see docs/schedules.md' : 'see the API in the README';
  const received = issue.input !== null && typeof issue.input === 'object' ? undefined : issue.input;
  return [{ pointer, code: 'malformed', ...(received !== undefined && { received }), rule: ruleOf(issue), fix }];
}

/** Zod's own words name types of JavaScript; a rule says what the member is. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return issue.message.endsWith('received undefined')
      ? `the member is required, and is ${withArticle(issue.expected)}`
      : `the member is ${withArticle(TYPES[issue.expected] ?? issue.expected)}`;
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'the text is not empty' : `it is at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `it is ${issue.origin === 'string' ? `${issue.maximum} characters` : issue.maximum} at most`;
  return issue.message;
}

const TYPES: Record<string, string> = { int: 'whole number' };

/** The faults of the form that was meant, where a member may have several: the one that fails further inside, with the fewest faults. */
export function meantForm(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  const forms = issue.code === 'invalid_union' ? issue.errors.filter((faults) => faults.some(isInside)) : [];
  return forms.toSorted((one, other) => one.length - other.length)[0];
}

function isInside({ code, path }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'unrecognized_keys';
}

/** The members of objects inside a body, to suggest from. */
const MEMBERS: Record<string, readonly string[]> = {
  '/schedule': [...CRON_FIELDS, ...Object.keys(RATE_FIELDS), 'at'],
  '/policies': Object.keys(policies.shape),
  '/policies/catchUp': Object.keys(policies.shape.catchUp.def.innerType.shape),
};

/** Escapes one step of a JSON Pointer (RFC 6901). */
export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

function withArticle(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
