import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { program } from '../../clients/cli/program.ts';
import { apiServer } from '../support/api-server.ts';

let server: Awaited<ReturnType<typeof apiServer>>;
let folder: string;
let file: string;
beforeAll(async () => {
  server = await apiServer();
  folder = await mkdtemp(join(tmpdir(), 'carillon-cli-'));
  file = join(folder, 'jobs.json');
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
  process.exitCode = 0;
  try {
    await program().parseAsync(['node', 'carillon', ...args, '--url', server.url]);
    return { out, err, code: process.exitCode };
  } finally {
    process.exitCode = 0;
    log.mockRestore();
    error.mockRestore();
  }
}

/** The example in a command's help, in words. */
function exampleOf(name: string): string[] {
  let help = '';
  const command = program().commands.find((one) => one.name() === name);
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, line = ''] = /Example:\n {2}carillon (.*)/.exec(help) ?? [];
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('the command line', () => {
  // In an order in which each finds what it needs.
  it.each([
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
    ['runs', [/^RUN +STATE +TRIGGER +LATE +TOOK +WHY$/, /^20270101T\S+ +succeeded +manual/]],
    ['logs', [/^nightly 20270101T\S+ succeeded/]],
    ['hold', [/^held since /]],
    ['release', [/^released$/]],
    ['delete', [/^nightly is deleted$/]],
    ['plan', [/^\+ nightly: At 02:00, UTC, next run 2027-/, /^1 to create, 0 to change, 0 to delete, 0 as they are, 0 refused$/]],
    ['apply', [/^\+ nightly/, /^1 to create/]],
  ] as const)('%s does what its help shows', async (name, patterns) => {
    const words = exampleOf(name).map((word) => (word === 'jobs.json' ? file : word));
    const { out, err, code } = await carillon(...words);
    expect([code, err]).toEqual([0, []]);
    for (const pattern of patterns) expect(out.join('\n')).toMatch(new RegExp(pattern.source, 'm'));
  });

  it('every command that talks to a stage has an example here', () => {
    const names = program().commands.filter(({ options }) => options.some(({ long }) => long === '--url'));
    expect(names.map((command) => command.name()).sort()).toEqual(
      [
        'apply',
        'backfill',
        'create',
        'delete',
        'get',
        'hold',
        'list',
        'logs',
        'pause',
        'plan',
        'release',
        'resume',
        'run',
        'runs',
        'update',
      ].sort(),
    );
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
