import { MASK } from '../contract/mask.ts';
import type { Redact } from './redact.ts';
import { LIMITS, type RunError } from './run.ts';

const encoder = new TextEncoder();

/** The length of a value as JSON, in bytes. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value) ?? '').length;
}

/** What is kept of a value that a module hands over: plain JSON within a size, or a note of what it was. */
export function kept(value: unknown, maxBytes: number, redact: Redact): unknown {
  if (value === undefined) return null;
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_key, member) => keptMember(member, redact));
  } catch (error) {
    return { notKept: `it is no JSON: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}` };
  }
  if (text === undefined) return { notKept: `it is no JSON: a ${typeof value}` };
  const bytes = encoder.encode(text).length;
  return bytes <= maxBytes ? JSON.parse(text) : { notKept: `it has ${bytes} bytes, the limit is ${maxBytes}`, start: text.slice(0, 200) };
}

/** Secrets are taken out of texts and of names, and a number that is one as a whole. */
function keptMember(member: unknown, redact: Redact): unknown {
  if (typeof member === 'string') return redact(member);
  if (typeof member === 'bigint') return redact(String(member));
  if (typeof member === 'number' || typeof member === 'boolean') return redact(String(member)) === MASK ? MASK : member;
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
  const names = Object.keys(member);
  return names.some((name) => redact(name) !== name)
    ? Object.fromEntries(Object.entries(member).map(([name, of]) => [redact(name), of]))
    : member;
}

/** What is kept of whatever was thrown. */
export function keptError(thrown: unknown, redact: Redact): RunError {
  try {
    if (!(thrown instanceof Error)) {
      const text = typeof thrown === 'object' ? JSON.stringify(kept(thrown, LIMITS.errorPartLength, redact)) : String(thrown);
      return { name: 'Thrown', message: redact(text).slice(0, LIMITS.errorPartLength) };
    }
    const cause = thrown.cause instanceof Error ? `\ncaused by ${thrown.cause.stack ?? thrown.cause.message}` : '';
    return {
      name: redact(String(thrown.name)).slice(0, 100),
      message: redact(String(thrown.message)).slice(0, LIMITS.errorPartLength),
      stack: redact(`${thrown.stack ?? ''}${cause}`).slice(0, LIMITS.errorPartLength),
    };
  } catch {
    return { name: 'Error', message: 'what was thrown cannot be read' };
  }
}
