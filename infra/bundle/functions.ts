import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, stop } from 'esbuild';

export const FUNCTIONS = ['api', 'runner', 'reconciler'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Node 20 runs the same files as Lambda's Node 24. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  // Without this order the SDK's CommonJS copies are taken, which are twice as large.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  // Some dependencies are CommonJS and require Node's own modules.
  banner: { js: "import { createRequire as carillonRequire } from 'node:module'; const require = carillonRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/** Bundles Lambda functions into `<outFolder>/<function>/handler.mjs`; the runner gets a chunk a module. */
export async function bundleFunctions<Name extends FunctionName>(
  root: string,
  outFolder: string,
  names: readonly Name[],
): Promise<Record<Name, Metafile>> {
  await rm(outFolder, { recursive: true, force: true });
  const bundled = names.map(async (name) => {
    const { metafile } = await build({
      ...OPTIONS,
      absWorkingDir: root,
      entryPoints: { handler: `functions/${name}/handler.ts` },
      outdir: join(outFolder, name),
      alias: { '@aws-sdk/credential-provider-node': join(root, 'aws/environment-credentials.ts') },
      ...(name === 'runner' && { splitting: true, chunkNames: 'chunks/[name]-[hash]' }),
    });
    return [name, metafile] as const;
  });
  try {
    return Object.fromEntries(await Promise.all(bundled)) as Record<Name, Metafile>;
  } finally {
    // Its process would stay, with 250 MB, for as long as a host runs.
    await Promise.allSettled(bundled);
    await stop();
  }
}

/** The built file of each module, relative to `root`. */
export function moduleChunks(runner: Metafile): Map<string, string> {
  const chunks = new Map<string, string>();
  for (const [file, { entryPoint }] of Object.entries(runner.outputs)) {
    const name = /^jobs\/([^/]+)\/index\.ts$/.exec(entryPoint ?? '')?.[1];
    if (name) chunks.set(name, file);
  }
  return chunks;
}
