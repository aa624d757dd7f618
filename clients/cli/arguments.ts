import { InvalidArgumentError } from 'commander';
import { JOB_ID_RULE, parseJobId } from '../../core/ids.ts';

/** A JSON value of an option; commander takes a bare null for no value. */
export interface Json {
  readonly value: unknown;
}

export function json(text: string): Json {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    throw new InvalidArgumentError(`it is JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Reads a schedule: an object of fields as JSON, or any other spelling as it is. */
export function schedule(text: string): unknown {
  return text.trimStart().startsWith('{') ? json(text).value : text;
}

/** The id of a job. */
export function jobId(text: string): string {
  if (!parseJobId(text)) throw new InvalidArgumentError(`${JOB_ID_RULE}.`);
  return text;
}

/** An option that may be given again. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return value === '' ? before : [...before, value];
}

/** A whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it is a whole number from 1 on.');
  return Number(text);
}
