import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reach } from '../../clients/http/call.ts';
import { checkDocumented } from './documented.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['aws', 'clients', 'core', 'functions', 'infra', 'jobs', 'local', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** A checkout of its own with further modules in jobs/, as a user would have it. */
export async function makeProject(modules: Readonly<Record<string, string>>): Promise<{ root: string; remove(): Promise<void> }> {
  const project = await mkdtemp(join(tmpdir(), 'carillon-'));
  await Promise.all(COPIED.map((name) => cp(join(root, name), join(project, name), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const [name, code] of Object.entries(modules)) {
    await mkdir(join(project, 'jobs', name), { recursive: true });
    await writeFile(join(project, 'jobs', name, 'index.ts'), code);
  }
  return { root: project, remove: () => rm(project, { recursive: true, force: true, maxRetries: 3 }) };
}

/** How `npm run dev` starts a host; through npm, as a user does, so that what is sent to npm must reach the host. */
const COMMANDS = { npm: ['npm', 'run', '-s', 'dev', '--'], node: [process.execPath, 'local/start.mjs', 'local/dev.ts'] } as const;

/** A host started as `npm run dev` starts it. */
export class DevHost {
  readonly url: string;
  readonly process: ChildProcess;
  output = '';
  readonly #exited: Promise<unknown>;
  readonly #readers: (() => void)[] = [];

  constructor(
    project: string,
    port: number,
    args: readonly string[] = [],
    through: keyof typeof COMMANDS | readonly [string, ...string[]] = 'npm',
  ) {
    this.url = `http://127.0.0.1:${port}`;
    const [command, ...more] = typeof through === 'string' ? COMMANDS[through] : through;
    this.process = spawn(command, [...more, '--port', String(port), ...args], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        for (const read of this.#readers.splice(0)) read();
      });
    }
  }

  /** Resolves when the host has printed something that matches; rejects when it ends before. */
  async prints(pattern: RegExp): Promise<void> {
    const ended = this.#exited.then(() => 'ended' as const);
    while (!pattern.test(this.output)) {
      const more = new Promise<'more'>((resolve) => this.#readers.push(() => resolve('more')));
      if ((await Promise.race([more, ended])) === 'ended' && !pattern.test(this.output)) throw new Error(`the host ended:\n${this.output}`);
    }
  }

  /** The process that serves, below npm. */
  async pid(): Promise<number> {
    return Number((await fetch(`${this.url}/v1/health`)).headers.get('carillon-pid'));
  }

  /** Sends a signal to npm, or kills the host itself; resolves when both are gone. */
  async end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<{ ms: number }> {
    const pid = await this.pid();
    const before = performance.now();
    process.kill(signal === 'SIGKILL' ? pid : Number(this.process.pid), signal);
    await this.#exited;
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    return { ms: performance.now() - before };
  }

  async exited(): Promise<number | null> {
    await this.#exited;
    return this.process.exitCode;
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; json: any }> {
    const init = {
      method,
      ...(body !== undefined && {
        headers: { 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    };
    const response = await reach(new URL(path, this.url), init);
    const text = await response.text();
    const json = text === '' ? undefined : JSON.parse(text);
    checkDocumented(method, path, response.status, json);
    return { status: response.status, json };
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
