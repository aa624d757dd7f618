import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, stop } from 'esbuild';
import { loadedLater } from './loaded-later.ts';
import { namesOfModules } from './names.ts';

export const FUNCTIONS = ['api', 'runner', 'reconciler'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Node 20 runs the same files as Lambda's Node 24. */
export const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  // Without this order the SDK's CommonJS copies are taken, which are twice as large.
  mainFields: ['module', 'main'],
  // `source` is Carillon's own, wherever it is installed. Naming any drops `module`, and with it the smaller copies of others.
  conditions: ['source', 'module'],
  outExtension: { '.js': '.mjs' },
  // Some dependencies are CommonJS and require Node's own modules.
  banner: { js: "import { createRequire as carillonRequire } from 'node:module'; const require = carillonRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/** Where Carillon's own code is: in a clone the project itself, else the package in the project's node_modules. */
export const CARILLON = dirname(createRequire(import.meta.url).resolve('carillon/package.json'));

/** The SDK imports them for event streams and in browsers: not for what handlers ask of it. */
export const NEVER_LOADED = ['@smithy/core/event-streams', 'bowser'];

/** The modules that the runner loads are those of the project. */
const modulesOf = (project: string): Plugin => ({
  name: 'modules-of-the-project',
  setup(build) {
    build.onResolve({ filter: /\/jobs\/index\.ts$/ }, ({ resolveDir, path }) =>
      join(resolveDir, path) === join(CARILLON, 'jobs/index.ts') ? { path: join(project, 'jobs/index.ts') } : undefined,
    );
  },
});

/** Bundles Lambda functions into `<outFolder>/<function>/handler.mjs`; what is loaded when it is needed, as each module is, into files beside it. */
export async function bundleFunctions<Name extends FunctionName>(
  project: string,
  outFolder: string,
  names: readonly Name[],
): Promise<Record<Name, Metafile>> {
  const folder = resolve(project, outFolder);
  await rm(folder, { recursive: true, force: true });
  const bundled = names.map(async (name) => [name, await bundleFunction(project, join(folder, name), name)] as const);
  try {
    return Object.fromEntries(await Promise.all(bundled)) as Record<Name, Metafile>;
  } finally {
    // Its process would stay, with 250 MB, for as long as a host runs.
    await Promise.allSettled(bundled);
    await stop();
  }
}

async function bundleFunction(project: string, outdir: string, name: FunctionName): Promise<Metafile> {
  const options = {
    ...OPTIONS,
    absWorkingDir: project,
    outdir,
    alias: { '@aws-sdk/credential-provider-node': join(CARILLON, 'aws/environment-credentials.ts') },
  };
  const later = new Map<string, string>();
  const handler = await build({
    ...options,
    entryPoints: { handler: join(CARILLON, `functions/${name}/handler.ts`) },
    external: NEVER_LOADED,
    plugins: [modulesOf(project), loadedLater(CARILLON, later)],
  });
  const others = await build({
    ...options,
    // Sorted: they are found in any order, and a build is to be the same every time.
    entryPoints: Object.fromEntries([...later].sort()),
    plugins: [namesOfModules(CARILLON, project)],
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  return {
    inputs: { ...handler.metafile.inputs, ...others.metafile.inputs },
    outputs: { ...handler.metafile.outputs, ...others.metafile.outputs },
  };
}

/** The built file of each module, relative to the project. */
export function moduleFiles(runner: Metafile): Map<string, string> {
  const files = new Map<string, string>();
  for (const [file, { entryPoint }] of Object.entries(runner.outputs)) {
    const name = /^jobs\/([^/]+)\/index\.ts$/.exec(entryPoint ?? '')?.[1];
    if (name) files.set(name, file);
  }
  return files;
}

/** What is built of a function's handler. */
export function handlerOf({ outputs }: Metafile): Metafile['outputs'][string] {
  const handler = Object.entries(outputs).find(([file]) => file.endsWith('/handler.mjs'))?.[1];
  if (!handler) throw new Error('the build has no handler.mjs');
  return handler;
}

/** How many bytes of code a function loads before it handles anything. */
export function bytesAtStart(metafile: Metafile): number {
  return handlerOf(metafile).bytes;
}
