import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Mutant, mutated } from './mutant.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Within node_modules, so that what a bundle imports is found. */
const BUNDLES = join(root, 'node_modules/.cache/carillon-sim');

/** Bundles a file of the repository with a mistake in it, if one is given; returns what to import. */
export async function bundleWith(entry: string, mutant?: Mutant): Promise<URL> {
  // Each import of it is to have a state of its own.
  const outfile = join(BUNDLES, `${randomUUID()}.mjs`);
  let isMade = false;
  const mistake: Plugin = {
    name: 'mistake',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!mutant || relative(root, path) !== mutant.file) return undefined;
        isMade = true;
        return { contents: mutated(await readFile(path, 'utf8'), mutant), loader: 'ts' };
      });
    },
  };
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    packages: 'external',
    logLevel: 'silent',
    plugins: [mistake],
  });
  if (mutant && !isMade) throw new Error(`"${mutant.name}": ${entry} does not come to ${mutant.file}`);
  return pathToFileURL(outfile);
}
