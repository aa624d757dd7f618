import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFunctions, type FunctionName, moduleChunks } from './functions.ts';
import { writeManifests } from './manifest.ts';
import { writeRegistry } from './registry.ts';

/** Builds everything that is deployed: the registry of modules, the functions' bundles and the modules' manifests. */
export async function bundle(root: string, outFolder: string): Promise<Record<FunctionName, Metafile>> {
  await writeRegistry(join(root, 'jobs'));
  const metafiles = await bundleFunctions(root, outFolder);
  await writeManifests(root, outFolder, moduleChunks(metafiles.runner));
  return metafiles;
}
