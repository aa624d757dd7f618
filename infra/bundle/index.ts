import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleConsole } from './console.ts';
import { bundleFunctions, FUNCTIONS, type FunctionName, moduleFiles } from './functions.ts';
import { writeManifests } from './manifest.ts';
import { writeRegistry } from './registry.ts';

export { sourcesOf } from './sources.ts';

/** Builds everything that is deployed: the registry of modules, the functions' bundles and the modules' manifests. */
export async function bundle(project: string, outFolder: string): Promise<Record<FunctionName, Metafile>> {
  await writeRegistry(join(project, 'jobs'));
  const folder = resolve(project, outFolder);
  const metafiles = bundleFunctions(project, folder, FUNCTIONS);
  await bundleConsole(folder);
  await writeManifests(
    project,
    folder,
    metafiles.then(({ runner }) => moduleFiles(runner)),
  );
  return metafiles;
}

/** Builds everything into a folder that no other build touches, as two at once would. */
export async function bundleApart(project: string) {
  const caches = join(project, 'node_modules/.cache');
  await mkdir(caches, { recursive: true });
  const folder = await mkdtemp(join(caches, 'carillon-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    return { folder, metafiles: await bundle(project, folder), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Builds anew what changes with the modules; the other functions, which hold none of their code, are those of an earlier build. */
export async function bundleModules(project: string, outFolder: string, earlier: string): Promise<Metafile> {
  await writeRegistry(join(project, 'jobs'));
  const folder = resolve(project, outFolder);
  const runner = bundleRunnerBeside(project, folder, earlier);
  await writeManifests(project, folder, runner.then(moduleFiles));
  return runner;
}

async function bundleRunnerBeside(project: string, outFolder: string, earlier: string): Promise<Metafile> {
  const { runner } = await bundleFunctions(project, outFolder, ['runner']);
  const others = ['console', ...FUNCTIONS.filter((name) => name !== 'runner')];
  await Promise.all(
    others.map((name) =>
      cp(join(earlier, name), join(outFolder, name), { recursive: true, filter: (path) => !path.endsWith('/manifest') }),
    ),
  );
  return runner;
}
