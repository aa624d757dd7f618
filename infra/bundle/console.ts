import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CARILLON } from './functions.ts';

/** Bundles the console's page into `<outFolder>/console`: files that any server can hand out as they are. */
export async function bundleConsole(outFolder: string): Promise<void> {
  const source = join(CARILLON, 'clients/console');
  const folder = join(outFolder, 'console');
  await mkdir(folder, { recursive: true });
  await Promise.all([
    build({
      entryPoints: [join(source, 'main.tsx'), join(source, 'main.css')],
      outdir: folder,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      minify: true,
      legalComments: 'none',
      // What signs requests is of no use there: the page talks to its own origin only.
      external: ['@aws-sdk/*'],
      define: Object.fromEntries(
        ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'CARILLON_TOKEN'].map((name) => [`process.env.${name}`, '""']),
      ),
      logLevel: 'silent',
    }),
    ...['index.html', 'icon.svg'].map((file) => copyFile(join(source, file), join(folder, file))),
  ]);
}
