import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * Values by key, kept in a file: a line for each change, `[key, value]`, or `[key]` for what is gone.
 *
 * A change is in the file when `set` returns, so what was acknowledged outlives a killed process. Not a database, since those that
 * there are answer later, and operations here answer at once.
 */
export class Journal {
  /** What there was when it was opened, in the order in which the keys came. */
  readonly entries: ReadonlyMap<string, unknown>;
  #file: number | undefined;

  private constructor(entries: ReadonlyMap<string, unknown>, file: number) {
    this.entries = entries;
    this.#file = file;
  }

  /** Reads a file, if there is one, and leaves out of it what is gone. */
  static async open(path: string): Promise<Journal> {
    const entries = new Map<string, unknown>();
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.split('\n')) {
      const change = read(line);
      if (!change) continue;
      if (change.length === 2) entries.set(change[0], change[1]);
      else entries.delete(change[0]);
    }
    const whole = [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await writeFile(`${path}.new`, whole);
    await rename(`${path}.new`, path);
    return new Journal(entries, openSync(path, 'a'));
  }

  set(key: string, value: unknown): void {
    this.#write([key, value]);
  }

  delete(key: string): void {
    this.#write([key]);
  }

  /** What is still under way then changes nothing any more. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(change: readonly unknown[]): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(change)}\n`);
  }
}

/** A last line that was cut short by a kill was not acknowledged. */
function read(line: string): [string] | [string, unknown] | undefined {
  try {
    const change = JSON.parse(line);
    return Array.isArray(change) && typeof change[0] === 'string' ? (change as [string]) : undefined;
  } catch {
    return undefined;
  }
}
