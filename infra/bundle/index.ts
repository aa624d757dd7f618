import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFunctions, FUNCTIONS, type FunctionName, moduleChunks } from './functions.ts';
import { writeManifests } from './manifest.ts';
import { writeRegistry } from './registry.ts';

/** Builds everything that is deployed: the registry of modules, the functions' bundles and the modules' manifests. */
export async function bundle(root: string, outFolder: string): Promise<Record<FunctionName, Metafile>> {
  await writeRegistry(join(root, 'jobs'));
  const metafiles = await bundleFunctions(root, outFolder, FUNCTIONS);
  await writeManifests(root, outFolder, moduleChunks(metafiles.runner));
  return metafiles;
}

/** Builds anew what changes with the modules; the other functions, which hold none of their code, are those of an earlier build. */
export async function bundleModules(root: string, outFolder: string, earlier: string): Promise<void> {
  await writeRegistry(join(root, 'jobs'));
  const { runner } = await bundleFunctions(root, outFolder, ['runner']);
  const others = FUNCTIONS.filter((name) => name !== 'runner');
  await Promise.all(
    others.map((name) =>
      cp(join(earlier, name), join(outFolder, name), { recursive: true, filter: (path) => !path.endsWith('/manifest') }),
    ),
  );
  await writeManifests(root, outFolder, moduleChunks(runner));
}
