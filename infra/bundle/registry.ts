import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODULE_NAME_RULE, parseModuleName } from '../../core/ids.ts';

/** The folders of jobs/ that hold a module, in order. Throws when a folder's name cannot be a module's. */
export async function moduleNames(jobsFolder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(jobsFolder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !(await exists(join(jobsFolder, entry.name, 'index.ts')))) continue;
    if (!parseModuleName(entry.name)) throw new Error(`jobs/${entry.name}: ${MODULE_NAME_RULE}; rename the folder`);
    names.push(entry.name);
  }
  return names.sort();
}

/** The text of jobs/index.ts: literal imports, so that the bundler splits on them and the compiler follows them. */
export function registryText(names: readonly string[]): string {
  return `// Generated from the folders in jobs/ by \`npm run dev\`, \`npm run build\` and \`npm test\`. Commit it; do not edit it.
export const modules = {
${names.map((name) => `  '${name}': () => import('./${name}/index.ts'),\n`).join('')}};

export type Modules = { readonly [Name in keyof typeof modules]: Awaited<ReturnType<(typeof modules)[Name]>>['default'] };
`;
}

/** Writes jobs/index.ts if it is not up to date; says whether it was. */
export async function writeRegistry(jobsFolder: string): Promise<'written' | 'unchanged'> {
  const path = join(jobsFolder, 'index.ts');
  const text = registryText(await moduleNames(jobsFolder));
  if ((await exists(path)) && (await readFile(path, 'utf8')) === text) return 'unchanged';
  await writeFile(path, text);
  return 'written';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
