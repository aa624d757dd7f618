import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoInstantOrNull } from '../../core/contract/instant.ts';
import { DEFAULT_RUNNER } from '../../core/ids.ts';
import { type Described, manifestFrom } from '../../core/job/manifest.ts';
import type { DefaultSchedule, ModuleManifest } from '../../core/ports.ts';
import { readScheduleFile } from '../../core/schedule/schedule-file.ts';
import { CARILLON, FUNCTIONS } from './functions.ts';

const IMPORT_TIMEOUT_MS = 30_000;

/** The functions that know modules without loading their code. */
const READERS = ['api', 'reconciler'];

/** What the API and the reconciler know of each module; written beside their handlers, a small file a module. */
export async function writeManifests(project: string, outFolder: string, files: Promise<ReadonlyMap<string, string>>): Promise<void> {
  const described = await describeModules(project, files);
  const manifests = await Promise.all(described.map((module) => complete(project, module)));
  for (const reader of READERS) {
    const folder = join(outFolder, reader, 'manifest');
    await mkdir(join(folder, 'modules'), { recursive: true });
    await Promise.all(manifests.map((manifest) => writeFile(join(folder, 'modules', `${manifest.name}.json`), JSON.stringify(manifest))));
    await writeFile(join(folder, 'modules.json'), JSON.stringify(manifests.map(({ name }) => name).sort()));
  }
  const others = manifests.filter(({ runner }) => runner !== DEFAULT_RUNNER).sort((a, b) => (a.name < b.name ? -1 : 1));
  const runners = JSON.stringify(Object.fromEntries(others.map(({ name, runner }) => [name, runner])));
  for (const name of FUNCTIONS) {
    const folder = join(outFolder, name, 'manifest');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'runners.json'), runners);
  }
}

/** Checks what the code says, and adds the effective policies and the default schedule. */
async function complete(project: string, module: Described): Promise<ModuleManifest> {
  const schedule = await defaultSchedule(project, module.name);
  try {
    return manifestFrom(module, schedule);
  } catch (error) {
    throw new Error(`jobs/${module.name}/index.ts: ${error instanceof Error ? error.message : error}`);
  }
}

async function defaultSchedule(project: string, name: string): Promise<DefaultSchedule | null> {
  const text = await readFile(join(project, 'jobs', name, '.schedule'), 'utf8').catch(() => undefined);
  if (text === undefined) return null;
  try {
    const { start, end, ...file } = readScheduleFile(text);
    return { ...file, start: isoInstantOrNull(start), end: isoInstantOrNull(end) };
  } catch (error) {
    throw new Error(`jobs/${name}/.schedule: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Imports the built modules in a process of their own, without AWS variables: building must not touch an account. It is started
 * while they are being bundled, because starting it takes as long as importing them.
 */
async function describeModules(project: string, files: Promise<ReadonlyMap<string, string>>): Promise<Described[]> {
  const child = spawn(process.execPath, [join(CARILLON, 'infra/bundle/describe-modules.mjs')], {
    cwd: project,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: IMPORT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  // A child that is gone already says so by its exit code.
  child.stdin.on('error', () => undefined);
  try {
    child.stdin.end(JSON.stringify([...(await files)]));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const code = await closed;
  if (code !== 0 || stderr.includes('does not come to an end')) throw new Error(stderr.trim() || 'importing the modules took too long');
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1));
}
