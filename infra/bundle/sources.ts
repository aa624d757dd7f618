import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { CARILLON } from './functions.ts';

/** What decides how a build turns out without being in a bundle. */
const SETTINGS = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'tsconfig.json'];
/** The builder itself. */
const BUILDER = ['infra/bundle', 'core', 'clients/console'];

/** Every file and folder that a build was made from; of a folder counts which names are in it. */
export async function sourcesOf(project: string, metafiles: readonly Metafile[]): Promise<string[]> {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap((file) => [file, dirname(file)]);
  // The modules with their .schedule files, and what builds them.
  const folders = [join(project, 'jobs'), ...BUILDER.map((folder) => join(CARILLON, folder))];
  const trees = await Promise.all(folders.map(everythingIn));
  const settings = SETTINGS.map((file) => join(project, file)).filter(existsSync);
  const sources = new Set([...settings, ...bundled.map((path) => resolve(project, path))].concat(...trees));
  // The build writes it, from the names of the folders.
  sources.delete(join(project, 'jobs/index.ts'));
  return [...sources];
}

async function everythingIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name !== 'node_modules');
  const found = entries.map(({ name }) => join(folder, name));
  const below = await Promise.all(entries.map((entry, index) => (entry.isDirectory() ? everythingIn(found[index] as string) : [])));
  return [folder, ...found, ...below.flat()];
}
