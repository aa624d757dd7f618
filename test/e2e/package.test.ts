import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzz } from '../fuzz/run.ts';
import { DevHost, freePort } from '../support/project.ts';

/** The package as `npm pack` makes it, in a folder that was empty, and its command line in a pseudo-terminal. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
let folder: string;
let host: DevHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-package-'));
  await installed();
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await run(bin(), ['new', 'counter'], { cwd: folder });
  await cp(join(folder, 'jobs/counter'), join(folder, 'jobs/filed'), { recursive: true });
  await writeFile(join(folder, 'jobs/filed/.schedule'), 'Twice a minute\nsecond=*/30\n');
  const port = await freePort();
  host = new DevHost(folder, port, [], [bin(), 'dev']);
  await host.prints(/^ready /m);
});
afterAll(async () => {
  await host.end('SIGTERM');
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

const bin = () => join(folder, 'node_modules/.bin/carillon');

/** As `npm install carillon-….tgz` leaves it; what it needs is taken from here and not from the network. */
async function installed(): Promise<void> {
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const [packed = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', packed], { cwd: folder });
  await cp(join(folder, 'package'), join(modules, 'carillon'), { recursive: true });
  await symlink('../carillon/clients/cli/carillon.mjs', join(modules, '.bin/carillon'));
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
}

/** Runs a command in a pseudo-terminal, typing an answer when it asks; what it shows, and its exit code. */
async function terminal(line: string, answers: Readonly<Record<string, string>> = {}, environment = {}) {
  const shell = spawn('script', ['-qec', `${bin()} ${line}`, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, CARILLON_ENDPOINT: host.url, ...environment },
  });
  let shown = '';
  const left = new Map(Object.entries(answers));
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (const [question, answer] of left) {
      if (!shown.includes(question)) continue;
      left.delete(question);
      shell.stdin.write(`${answer}\n`);
    }
  });
  const code = await new Promise((resolve) => shell.on('close', resolve));
  return { shown: shown.replaceAll('\r\n', '\n'), code };
}

it('is imported by a program without anything that reads TypeScript', async () => {
  const program =
    "const { createClient } = await import('carillon/client'); const { runModule } = await import('carillon/testing'); console.log(typeof runModule, (await createClient().health()).status)";
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    env: { ...process.env, CARILLON_ENDPOINT: host.url },
  });
  expect(stdout).toBe('function ok\n');
});

it("is the construct of an app of one's own, which builds the modules of its folder", { timeout: 60_000 }, async () => {
  const app = `
    import { App, Stack } from 'aws-cdk-lib';
    import { bundleApart, JobScheduler } from 'carillon/cdk';
    const app = new App({ outdir: 'cdk.out' });
    const bundles = await bundleApart(process.cwd());
    new JobScheduler(new Stack(app, 'Jobs'), 'Jobs', { stage: 'own', bundles: bundles.folder, isDisposable: true });
    await bundles.remove();
    const { stacks } = app.synth();
    console.log(Object.keys(stacks[0].template.Resources).length);`;
  await writeFile(join(folder, 'app.mjs'), app);
  const { stdout } = await run(process.execPath, ['app.mjs'], { cwd: folder, env: { ...process.env, CDK_VALIDATION: 'false' } });
  expect(Number(stdout)).toBeGreaterThan(30);
  const assets = await readdir(join(folder, 'cdk.out'), { recursive: true });
  expect(assets.some((path) => path.endsWith('/modules/counter.mjs'))).toBe(true);
  const found = await Promise.all(
    assets.filter((path) => path.endsWith('manifest/modules.json')).map((path) => readFile(join(folder, 'cdk.out', path), 'utf8')),
  );
  expect(found.every((text) => JSON.parse(text).includes('counter'))).toBe(true);
});

it('is walked through as the service of FastAPI and APScheduler was', { timeout: 60_000 }, async () => {
  const created = await terminal(`create counter --schedule '{"type":"cron","second":"*/2"}'`);
  expect([created.code, created.shown]).toEqual([0, expect.stringMatching(/Every 2 seconds, UTC[\s\S]*next runs {3}20/)]);
  await host.prints(/(RUN +counter[\s\S]*){2}/);
  expect((await terminal('runs counter')).shown).toMatch(/^20\d{6}T\d{5}[02468]Z +succeeded +schedule +20\S+Z +\d+ ms/m);
  expect((await terminal('logs counter')).shown).toMatch(/INFO {2}hello world/);
  expect(await terminal('delete counter')).toEqual({ code: 0, shown: 'counter is deleted\n' });
  expect((await terminal(`create counter --schedule '{"type":"rate","seconds":30}'`)).shown).toContain('Every 30 seconds');
  const again = await terminal(`create counter --schedule 'rate(30 seconds)'`);
  expect([again.code, again.shown]).toEqual([1, expect.stringMatching(/^error: .*\(exists\)\n$/)]);
  expect((await terminal('list')).shown).toMatch(/^counter +counter +active +Every 30 seconds +20\S+Z\n$/m);
  expect((await terminal('delete counter')).code).toBe(0);
  expect(await terminal('delete counter')).toMatchObject({ code: 1, shown: expect.stringContaining('(unknownJob)') });
  expect((await terminal('create counter --from-file')).shown).toContain('(noScheduleFile)');
  expect((await terminal('create filed --from-file')).shown).toContain('Every 30 seconds');
  const at = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 3_000).toISOString().slice(0, 19);
  expect((await terminal(`create once --module counter --schedule 'at(${at})'`)).shown).toContain(`next runs   ${at}Z`);
  await host.prints(/RUN +once /);
  expect((await terminal('run once --wait')).shown).toMatch(/succeeded, took/);
});

it('asks before it imports, and says what will come', async () => {
  await writeFile(join(folder, 'crontab'), '*/10 * * * * /opt/counter.sh\n');
  const declined = await terminal('import crontab crontab', { '[y/N]': 'n' });
  expect(declined.shown).toMatch(/counter runs counter: Every 10 minutes, UTC \(UTC\): 20\S+, 20\S+, 20\S+/);
  expect((await terminal('get counter')).code).toBe(1);
  const written = await terminal('import crontab crontab', { '[y/N]': 'y' });
  expect([written.code, written.shown]).toEqual([0, expect.stringMatching(/\[#{30}\] 1 of 1 imported/)]);
  expect((await terminal('get counter')).shown).toContain('crontab');
});

it('begins where a project begins, and says what is missing', async () => {
  await rm(join(folder, 'jobs/filed'), { recursive: true });
  await host.prints(/^built /m);
  expect((await terminal('doctor')).shown).toMatch(/^FIX {2}jobs .*filed \(unknownModule\)/m);
  expect((await terminal('creat x')).shown).toContain('(Did you mean create?)');
});

it('a hundred upserts of one id at once end in one job and one schedule, and each is answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => host.request('PUT', '/v1/jobs/same', { module: 'counter', schedule: `rate(${n + 2} hours)` })),
  );
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(201), count(201) + count(200)]).toEqual([1, 100]);
  expect(answers.map(({ json }) => json.rev).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  const { json } = await host.request('GET', '/v1/jobs/same');
  const last = answers.find(({ json: answer }) => answer.rev === 100);
  expect([json.rev, json.schedule]).toEqual([100, last?.json.schedule]);
  const journal = await readFile(join(folder, '.carillon/schedules.jsonl'), 'utf8');
  const names = new Set([...journal.matchAll(/"(same\.[a-z2-7]+)"/g)].map(([, name]) => name));
  expect(names.size).toBe(1);
});

it('answers whatever it is sent as its document says', { timeout: 60_000 }, async () => {
  const { faults, statuses } = await fuzz(host.url, 500, 8);
  expect(faults).toEqual([]);
  for (const status of ['200', '201', '202', '204', '400', '404', '409', '422']) expect(statuses[status], status).toBeGreaterThan(0);
});
