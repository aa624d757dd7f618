import type { Tell } from '../apply/plan.ts';
import type { StageOptions } from './stage.ts';

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

/** A line that tells how far it is, where somebody looks. */
export function progress(what: string): Tell {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, of) => {
    const filled = Math.round((done / of) * 30);
    process.stderr.write(`\r[${'#'.repeat(filled).padEnd(30)}] ${done} of ${of} ${what}${done === of ? '\n' : ''}`);
  };
}

export function milliseconds(ms: number | null): string {
  return ms === null ? '-' : ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`;
}
