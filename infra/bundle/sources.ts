import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** What decides how a build turns out without being in a bundle. */
const SETTINGS = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'tsconfig.json'];
/** The modules with their .schedule files, and the builder itself. */
const TREES = ['jobs', 'infra/bundle', 'core'];

/** Every file and folder that a build was made from; of a folder counts which names are in it. */
export async function sourcesOf(root: string, metafiles: readonly Metafile[]): Promise<string[]> {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap((file) => [file, dirname(file)]);
  const trees = await Promise.all(TREES.map((folder) => everythingIn(join(root, folder))));
  const sources = new Set([...SETTINGS, ...bundled].map((path) => resolve(root, path)).concat(...trees));
  // The build writes it, from the names of the folders.
  sources.delete(join(root, 'jobs/index.ts'));
  return [...sources];
}

async function everythingIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name !== 'node_modules');
  const found = entries.map(({ name }) => join(folder, name));
  const below = await Promise.all(entries.map((entry, index) => (entry.isDirectory() ? everythingIn(found[index] as string) : [])));
  return [folder, ...found, ...below.flat()];
}
