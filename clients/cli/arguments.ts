import { InvalidArgumentError } from 'commander';

/** Reads a JSON value of an option. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`it is JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Reads a schedule: an object of fields as JSON, or any other spelling as it is. */
export function schedule(text: string): unknown {
  return text.trimStart().startsWith('{') ? json(text) : text;
}

/** A whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it is a whole number from 1 on.');
  return Number(text);
}
