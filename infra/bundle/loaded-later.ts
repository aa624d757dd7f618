import { basename, dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Leaves out what a handler imports with `import()`, and notes it in `later`: built file without its ending, and source.
 *
 * It is bundled apart then, with copies of its own of what it shares with the handler. Chunks that both shared would hold what
 * either needs of a library and be files more to open: loading them took a fifth of a cold start.
 */
export function loadedLater(carillon: string, later: Map<string, string>): Plugin {
  return {
    name: 'loaded-later',
    setup(build) {
      // Of all that a handler is made of, only Carillon and the registry of modules import files by this ending.
      build.onResolve({ filter: /^\..*\.ts$/ }, ({ kind, importer, resolveDir, path }) => {
        if (kind !== 'dynamic-import') return undefined;
        const source = join(resolveDir, path);
        const isModule = importer.endsWith('/jobs/index.ts');
        const file = isModule ? `modules/${basename(dirname(source))}` : `later/${relative(carillon, source).replace(/\.ts$/, '')}`;
        later.set(file, source);
        return { path: `./${file}.mjs`, external: true };
      });
    },
  };
}
