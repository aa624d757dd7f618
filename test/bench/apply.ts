// Applies files of 100 to 100,000 jobs by the command line, the largest one interrupted and applied again, and asks for pages of the
// list at each size: `node local/start.mjs test/bench/apply.ts --jobs 100000`.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DevHost, freePort, makeProject } from '../support/project.ts';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '100000' } } });
const most = Number(values.jobs);
const ASKED = 21;

const project = await makeProject({});
const host = new DevHost(project.root, await freePort(), [], 'node');
await host.prints(/^ready /m);
try {
  console.log('    jobs  applied in    a second  first page  a middle page  with outcomes   (ms, median of 21, 25 rows)');
  for (let size = 100; size <= most; size *= 10) {
    const file = join(project.root, `jobs.json`);
    await writeFile(
      file,
      JSON.stringify({ set: 'bench', jobs: Object.fromEntries(Array.from({ length: size }, (_, n) => [idOf(n), jobOf(n)])) }),
    );
    const began = performance.now();
    let told = '';
    if (size === most) {
      const done = await apply(file, 0.1);
      told = `, interrupted after ${done} and applied again`;
    }
    await apply(file);
    const seconds = (performance.now() - began) / 1_000;
    const made = size - size / 10;
    const middle = await tokenAfter(size / 2);
    const pages = ['', middle && `&pageToken=${middle}`, '&include=outcomes'];
    const times: string[] = [];
    for (const page of pages) times.push((await median(`/v1/jobs?limit=25${page}`)).toFixed(1).padStart(12));
    console.log(
      `${String(size).padStart(8)}  ${seconds.toFixed(1).padStart(8)} s  ${(made / seconds).toFixed(0).padStart(10)}${times.join('  ')}${told}`,
    );
  }
} finally {
  await host.end('SIGTERM');
  await project.remove();
}

function idOf(n: number): string {
  return `job-${String(n).padStart(7, '0')}`;
}

function jobOf(n: number) {
  return { module: 'heartbeat', schedule: `cron(${n % 60} ${n % 24} 1 1 ? *)`, timezone: 'Europe/Berlin' };
}

/** Runs `carillon apply` in a pseudo-terminal, and types Ctrl-C when its bar has come so far; resolves to how far it came. */
function apply(file: string, until = Infinity): Promise<number> {
  const command = `${process.execPath} local/start.mjs clients/cli/main.ts apply ${file} --endpoint ${host.url}`;
  const shell = spawn('script', ['-qec', command, '/dev/null'], { cwd: project.root });
  let [done, of, last] = [0, 1, ''];
  let isStopped = false;
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-2_000);
    const [, some, all] = [...last.matchAll(/(\d+) of (\d+) applied/g)].at(-1) ?? [];
    if (some === undefined) return;
    [done, of] = [Number(some), Number(all)];
    if (done / of < until || isStopped) return;
    isStopped = true;
    shell.stdin.write('\x03');
  });
  return new Promise((resolve, reject) => {
    shell.on('close', (code) => (code === 0 || isStopped ? resolve(done) : reject(new Error(`apply ended with ${code}: ${last}`))));
  });
}

async function tokenAfter(rows: number): Promise<string> {
  let token = '';
  for (let seen = 0; seen < rows; seen += 500) {
    const { json } = await host.request('GET', `/v1/jobs?limit=${Math.min(500, rows - seen)}${token && `&pageToken=${token}`}`);
    token = json.nextPageToken ?? '';
  }
  return token;
}

async function median(path: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < ASKED; n++) {
    const began = performance.now();
    const { status } = await host.request('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[(ASKED - 1) / 2] ?? 0;
}
