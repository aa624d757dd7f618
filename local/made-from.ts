import { statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What lies at each path, as the file system tells without reading it; a folder's entry changes with the names in it. */
type Prints = Record<string, string>;

/** What a build was made from, and what was built. */
interface MadeFrom {
  readonly node: string;
  readonly sources: Prints;
  readonly built: Prints;
}

/** A file system's clock ticks more coarsely than ours. */
const TICK_MS = 20;

const recordIn = (folder: string) => join(folder, 'made-from.json');

/**
 * Notes beside a build what it was made from, so that a later start can tell whether it still holds; without a note it never does.
 * Nothing is noted when a source changed later than it may have been read first: which state the build saw is not known. What is
 * not in `anew` was taken from an earlier build, and keeps that one's note.
 */
export async function noteSources(
  folder: string,
  sources: readonly string[],
  changedBefore: number,
  earlier?: { folder: string; anew: string },
): Promise<void> {
  const before = earlier && (await read(earlier.folder));
  const now = printsOf(sources, changedBefore - TICK_MS);
  const built = printsOf(await filesIn(folder));
  if (!now || !built || (earlier && !before)) return;
  const kept = Object.entries(before?.sources ?? {}).filter(
    ([path]) => path !== earlier?.anew && !path.startsWith(`${earlier?.anew}${sep}`),
  );
  const note: MadeFrom = { node: process.version, sources: { ...now, ...Object.fromEntries(kept) }, built };
  await writeFile(recordIn(folder), JSON.stringify(note));
}

/** Whether a build is whole, and is what would be built now. */
export async function holds(folder: string): Promise<boolean> {
  const note = await read(folder);
  return note !== undefined && isAsNoted(note.sources) && isAsNoted(note.built);
}

async function read(folder: string): Promise<MadeFrom | undefined> {
  try {
    const note = JSON.parse(await readFile(recordIn(folder), 'utf8')) as MadeFrom;
    return note.node === process.version ? note : undefined;
  } catch {
    return undefined; // There is none, or a crash cut it short.
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function printsOf(paths: readonly string[], changedBefore = Infinity): Prints | undefined {
  const prints: Prints = {};
  for (const path of paths) {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found || found.ctimeMs >= changedBefore) return undefined;
    prints[path] = printOf(found);
  }
  return prints;
}

function isAsNoted(prints: Prints): boolean {
  return Object.entries(prints).every(([path, print]) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found !== undefined && printOf(found) === print;
  });
}

/** A program can set back the time of a change of the content, but not that of a change of the entry. */
function printOf({ ino, size, mtimeNs, ctimeNs }: { ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
