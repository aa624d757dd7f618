import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { type Loader, type Plugin, transform } from 'esbuild';

/** What the functions themselves are made of, beside their dependencies. */
const OWN = ['aws', 'core', 'functions'];
const DEPENDENCIES = /\/node_modules\/(?:@aws-sdk|@smithy|@aws-lambda-powertools|zod)\//;
const LOADERS: Readonly<Record<string, Loader>> = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.jsx': 'jsx' };

/**
 * Keeps the names of functions and classes in modules and in what they use: errors may be named after their classes.
 *
 * esbuild would do so everywhere, and then each call that makes a function names it: in the SDK that was a twentieth of a run.
 */
export function namesOfModules(carillon: string, project: string): Plugin {
  const own = OWN.map((folder) => join(carillon, folder, '/'));
  return {
    name: 'names-of-modules',
    async setup(build) {
      // A transformation does not look for it: it says how JSX and decorators are meant.
      const tsconfigRaw = await readFile(join(project, 'tsconfig.json'), 'utf8').catch(() => '{}');
      build.onLoad({ filter: /\.(?:[cm]?[jt]s|[jt]sx)$/ }, async ({ path }) => {
        if (DEPENDENCIES.test(path) || own.some((folder) => path.startsWith(folder))) return undefined;
        const { code } = await transform(await readFile(path, 'utf8'), {
          loader: LOADERS[extname(path)] ?? 'js',
          keepNames: true,
          target: 'esnext',
          tsconfigRaw,
          sourcefile: path,
          sourcemap: 'inline',
          sourcesContent: false,
        });
        return { contents: code, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}
