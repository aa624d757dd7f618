import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { program } from '../../clients/cli/program.ts';
import { apiServer } from '../support/api-server.ts';

let server: Awaited<ReturnType<typeof apiServer>>;
let folder: string;
let file: string;
let crontab: string;
beforeAll(async () => {
  server = await apiServer();
  folder = await mkdtemp(join(tmpdir(), 'carillon-cli-'));
  file = join(folder, 'jobs.json');
  crontab = join(folder, 'e2scrub_all');
  await writeFile(crontab, '# as /etc/cron.d has them\n30 3 * * 0 /opt/noop --all >> /var/log/noop.log\n@reboot /opt/noop\n');
  await writeFile(file, JSON.stringify({ jobs: { nightly: { module: 'noop', schedule: 'cron(0 2 * * ? *)' } } }));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Runs the command line in this process: what it prints, and its exit code. */
async function carillon(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void out.push(String(line)));
  const error = vi.spyOn(console, 'error').mockImplementation((line) => void err.push(String(line)));
  vi.stubEnv('CARILLON_ENDPOINT', server.url);
  process.exitCode = 0;
  try {
    await program().parseAsync(['node', 'carillon', ...args]);
    return { out, err, code: process.exitCode };
  } finally {
    process.exitCode = 0;
    vi.unstubAllEnvs();
    log.mockRestore();
    error.mockRestore();
  }
}

/** The example in a command's help, in words. */
function exampleOf(name: string): string[] {
  let help = '';
  const command = program().commands.find((one) => one.name() === name);
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  // What goes to a file comes to the test.
  const [, line = ''] = /Example:\n {2}carillon ([^>\n]*)/.exec(help) ?? [];
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** What the example of each command prints; in an order in which each finds what it needs. */
const EXAMPLES = [
  [
    'create',
    [
      /^nightly$/,
      /module {6}noop/,
      /At 02:00, Berlin time \(cron\(0 2 \* \* \? \*\), Europe\/Berlin\)/,
      /next runs {3}2027-01-01T01:00:00Z/,
    ],
  ],
  ['get', [/^nightly$/, /revision {4}1, /]],
  ['list', [/^ID +MODULE +STATE +SCHEDULE +NEXT RUN$/, /^nightly +noop +active +At 02:00, Berlin time +2027-01-01T01:00:00Z$/]],
  ['update', [/At 02:30/, /revision {4}2, /]],
  ['pause', [/^nightly is paused$/]],
  ['resume', [/^nightly is active, next run 2027-/]],
  ['run', [/^nightly 20270101T\S+ succeeded, took \d+ ms$/, /output {"done":true}/]],
  ['backfill', [/^2026-12-29T01:30:00Z$|^2026-12-29T01:00:00Z$/, /^3 runs would be asked for$/]],
  ['runs', [/^RUN +STATE +TRIGGER +DUE +LATE +TOOK +WHY$/, /^20270101T\S+ +succeeded +manual/]],
  ['logs', [/^nightly 20270101T\S+ succeeded/]],
  ['retry', [/^nightly 20270101T\S+ succeeded/]],
  ['cancel', [/^20270101T\S+ is cancelled$/]],
  ['export', [/^ {4}"nightly": \{/, /"schedule": "cron\(0 2 \* \* \? \*\)"/, /"timezone": "Europe\/Berlin"/]],
  ['doctor', [/^ok {3}node /, /^ok {3}clock /, /^ok {3}jobs {8}none of 1 has a problem$/]],
  ['completion', [/^ {4}create\) .*--schedule/]],
  ['hold', [/^held since /]],
  ['release', [/^released$/]],
  ['delete', [/^nightly is deleted$/]],
  ['plan', [/^\+ nightly: At 02:00, UTC, next run 2027-/, /^1 to create, 0 to change, 0 to delete, 0 as they are, 0 refused$/]],
  ['apply', [/^\+ nightly/, /^1 created/]],
  [
    'import',
    [
      /^line 2 {2}30 3 \* \* 0$/,
      /^ {2}noop runs noop: At 03:30 on Sundays, Berlin time \(Europe\/Berlin\): 20.*, 20.*, 20/,
      /^1 to create/,
    ],
  ],
] as const;

describe('the command line', () => {
  it.each(EXAMPLES)('%s does what its help shows', async (name, patterns) => {
    const files: Record<string, string> = { 'jobs.json': file, '/etc/cron.d/e2scrub_all': crontab };
    const words = exampleOf(name).map((word) => files[word] ?? word);
    if (name === 'retry' || name === 'cancel') words[2] = await runToGive(name);
    const { out, err, code } = await carillon(...words);
    // Of the example's two lines one cannot be.
    expect([code, err]).toEqual([name === 'import' ? 1 : 0, []]);
    for (const pattern of patterns) expect(out.join('\n')).toMatch(new RegExp(pattern.source, 'm'));
  });

  /** A run that has ended, or one that waits. */
  async function runToGive(name: 'retry' | 'cancel'): Promise<string> {
    const { w } = server;
    if (name === 'cancel') return (await w.request('POST', '/v1/jobs/nightly/run')).json.runId;
    return (await w.request('GET', '/v1/jobs/nightly/runs')).json.runs[0].runId;
  }

  it('every command has an example that a test runs', () => {
    const elsewhere = ['console', 'dev', 'new', 'next', 'scheduler']; // package.test.ts, next.test.ts, command.test.ts
    const names = program().commands.map((command) => command.name());
    expect(names.sort()).toEqual([...EXAMPLES.map(([name]) => name), ...elsewhere].sort());
    for (const name of names) expect(exampleOf(name)[0], name).toBe(name);
  });

  it('prints JSON where it is asked to', async () => {
    const { out } = await carillon('create', 'j', '--module', 'noop', '--schedule', 'rate(1 hour)', '--json');
    expect(JSON.parse(out.join(''))).toMatchObject({ id: 'j', rev: 1 });
    expect(JSON.parse((await carillon('list', '--q', 'j', '--json')).out.join(''))).toMatchObject([{ id: 'j' }]);
  });

  it('says what is wrong, suggests what was meant, and ends with 1', async () => {
    const { err, code } = await carillon('create', 'x', '--module', 'nop', '--schedule', 'rate(1 hour)');
    expect([code, err]).toEqual([1, [expect.stringMatching(/^error: .*"nop".*Did you mean "noop"\? \(unknownModule\)$/)]]);
    expect((await carillon('get', 'none')).code).toBe(1);
    expect((await server.w.request('GET', '/v1/jobs/x')).status).toBe(404);
  });

  it('a run that fails and was waited for ends with 1', async () => {
    await carillon('create', 'broken', '--schedule', 'rate(1 day)');
    const { out, code } = await carillon('run', 'broken', '--wait');
    expect([code, out[0]]).toEqual([1, expect.stringMatching(/^broken \S+ failed \(error\), took /)]);
    expect((await carillon('runs')).out.join('\n')).toMatch(/^broken +\S+ +failed +manual .*rows is not iterable$/m);
  });
});
