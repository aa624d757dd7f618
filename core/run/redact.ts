import { MASK } from '../contract/mask.ts';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** A shorter secret would be found in words that are none. */
const SHORTEST = 4;

/** Takes these values out of what a module says, as they are and as JSON writes them: a text may hold JSON. */
export function redactor(secrets: readonly string[]): Redact {
  const known = secrets.filter((secret) => secret.length >= SHORTEST);
  const written = new Set(known.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  // The longest first: one may be part of another.
  const all = [...written].sort((a, b) => b.length - a.length);
  return (text) => all.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
}
