import { type Command, InvalidArgumentError } from 'commander';
import { CarillonError, type Client, createClient, defaultUrl } from '../http/index.ts';

/** What every command that talks to a stage takes. */
export interface StageOptions {
  readonly url: string;
  readonly json?: boolean | undefined;
}

/** Adds `--url` and `--json`. */
export function withStage(command: Command): Command {
  return command
    .option('--url <url>', 'the API: of the local host, or the output ApiUrl of a deployed stage', defaultUrl())
    .option('--json', 'print the answer as JSON');
}

/** Does something with a stage's client; what is refused is told of in lines, and the exit code is 1. */
export async function onStage({ url }: Pick<StageOptions, 'url'>, work: (client: Client) => Promise<void>): Promise<void> {
  try {
    await work(createClient({ url }));
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    for (const line of linesOf(error)) console.error(line);
    process.exitCode = 1;
  }
}

function linesOf({ code, message, errors }: CarillonError): string[] {
  if (code === 'unreachable') return [`error: ${message}; is the host running (npm run dev), or is it another --url?`];
  // The first error is in the message.
  const others = errors.slice(1).map(({ pointer, rule, fix }) => `       ${pointer}: ${rule}; ${fix}`);
  return [`error: ${message} (${code})`, ...others];
}

/** Prints an answer: as JSON, or as a person reads it. */
export function print({ json }: Pick<StageOptions, 'json'>, answer: unknown, lines: () => readonly string[]): void {
  if (json) console.log(JSON.stringify(answer));
  else for (const line of lines()) console.log(line);
}

/** The first rows of a list. */
export async function first<Row>(rows: AsyncIterable<Row>, limit: number): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of rows) {
    if (found.length === limit) break;
    found.push(row);
  }
  return found;
}

/** Columns under their headings, as wide as they need to be; or that there are no rows. */
export function table(what: string, headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [`no ${what}`];
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Reads a JSON value of an option. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`it is JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** A whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it is a whole number from 1 on.');
  return Number(text);
}
