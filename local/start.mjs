// Runs a program of this project: `node local/start.mjs <file> [arguments]`. It first installs the locked dependencies
// when they are missing or stale, so it is plain JavaScript and imports nothing from them. Everything happens in one
// process, so that signals reach the program itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Carillon needs Node 20.19 or newer, this is ${process.version}`);
if (!isInstalled()) install();

// Node 20 is what we run on, and is told of in every line otherwise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const [file, ...rest] = process.argv.slice(2);
const path = resolve(root, file);
process.argv = [process.argv[0], path, ...rest];
if (path.endsWith('.ts')) (await import('tsx/esm/api')).register();
await import(pathToFileURL(path).href);

/** npm writes what it installed to a lock file of its own; the two agree when nothing is missing or stale. */
function isInstalled() {
  // A package brings no lock file along: whoever installed it installed what it needs.
  if (!existsSync(resolve(root, 'package-lock.json'))) return true;
  const installed = resolve(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const has = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wants = JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wants).every(([name, { version, optional }]) => name === '' || optional || has[name]?.version === version);
}

function install() {
  console.error('installing the locked dependencies (npm ci) …');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('npm ci failed; the lines above say why');
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
