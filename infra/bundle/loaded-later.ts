import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Leaves out what a handler imports with `import()`, and notes it in `later`: built file without its ending, and source.
 *
 * It is bundled apart then, with copies of its own of what it shares with the handler. Chunks that both shared would hold what
 * either needs of a library and be files more to open: loading them took a tenth of a cold start.
 */
export function loadedLater(isOurs: (importer: string) => boolean, later: Map<string, string>): Plugin {
  return {
    name: 'loaded-later',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, importer, resolveDir, path }) => {
        if (kind !== 'dynamic-import' || !isOurs(importer)) return undefined;
        const source = join(resolveDir, path);
        const file = basename(path) === 'index.ts' ? `modules/${basename(dirname(source))}` : `later/${basename(path, '.ts')}`;
        later.set(file, source);
        return { path: `./${file}.mjs`, external: true };
      });
    },
  };
}
