import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModulePolicies } from '../../core/define-module.ts';
import { policiesError } from '../../core/job/policies.ts';

const IMPORT_TIMEOUT_MS = 30_000;

/** What the API knows of each module without loading its code; written beside the API's handler. */
export async function writeManifests(root: string, outFolder: string, chunks: ReadonlyMap<string, string>): Promise<void> {
  const manifests = await describeModules(root, chunks);
  for (const { name, policies } of manifests) {
    const error = policiesError(policies);
    if (error) throw new Error(`jobs/${name}/index.ts: ${error.pointer} ${JSON.stringify(error.received)}: ${error.rule}; ${error.fix}`);
  }
  const folder = join(outFolder, 'api/manifest');
  await mkdir(join(folder, 'modules'), { recursive: true });
  await Promise.all(manifests.map((manifest) => writeFile(join(folder, 'modules', `${manifest.name}.json`), JSON.stringify(manifest))));
  await writeFile(join(folder, 'modules.json'), JSON.stringify(manifests.map(({ name }) => name)));
}

/** Imports the built modules in a process of their own, without AWS variables: building must not touch an account. */
async function describeModules(root: string, chunks: ReadonlyMap<string, string>): Promise<{ name: string; policies: ModulePolicies }[]> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./describe-modules.mjs', import.meta.url))], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: IMPORT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(JSON.stringify([...chunks]));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0 || stderr.includes('does not come to an end')) throw new Error(stderr.trim() || 'importing the modules took too long');
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1));
}
