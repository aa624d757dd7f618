import type * as z from 'zod';
import { invalid } from './errors.ts';

/** Reads a value by a shape of the model, or refuses it in AWS's words: "1 validation error detected: Value ... at ... failed to satisfy constraint: ...". */
export function validate<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const parsed = shape.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => `${received(issue)} failed to satisfy constraint: ${constraintOf(issue)}`);
  throw invalid(`${errors.length} validation error${errors.length === 1 ? '' : 's'} detected: ${errors.join('; ')}`);
}

function received({ input, path }: z.core.$ZodIssue): string {
  const text = input === undefined ? 'null' : `'${typeof input === 'string' ? input : JSON.stringify(input)}'`;
  return `Value ${text} at '${path.map(memberOf).join('.')}'`;
}

/** Members in lower camel case, entries of lists by their number from 1, as AWS's errors have them. */
function memberOf(step: PropertyKey): string {
  if (typeof step === 'number') return `${step + 1}.member`;
  const text = String(step);
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function constraintOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined) return 'Member must not be null';
  switch (issue.code) {
    case 'too_small':
      return `Member must have ${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measureOf(issue.origin)} less than or equal to ${issue.maximum}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${patternOf(issue)}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'invalid_type':
      return `Member must be of type ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** AWS prints the model's pattern without its anchors. */
function patternOf({ pattern = '', message }: z.core.$ZodIssueInvalidStringFormat): string {
  return message.startsWith('Invalid ') ? pattern.replace(/^\/\^?|\$?\/$/g, '') : message;
}

function measureOf(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'length' : 'value';
}
