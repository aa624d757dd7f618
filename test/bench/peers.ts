import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as consume } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { makeProject } from '../support/project.ts';
import { atMost, type Budget, type Figure, median, ratioAtLeast, ratioAtMost, type Section } from './figures.ts';
import { CREDENTIALS, TABLE, withDatabase } from './services.ts';

// The local host and other schedulers under the same load, by a kit that drives any of them from outside over HTTP: `--peers <its folder>`.

const root = fileURLToPath(new URL('../..', import.meta.url));
const PREDECESSOR = 'seed-sqlite';
/** Those of which something is installed, beside the predecessor. */
const OTHERS = ['bullmq', 'pg-boss', 'agenda-pg', 'croner'];
export const BURST = 5_000;
export const CREATES = 'create --n 1000 --conc 16';
const LOADERS = 2;
const LOAD_SECONDS = 15;

const FIRES = `import { appendFileSync } from 'node:fs';
import { defineModule } from 'carillon';
export default defineModule({
  description: 'append a line to FIRES',
  run: (_input, { job, dueAt }) => appendFileSync(String(process.env.FIRES), JSON.stringify([job.id, dueAt.getTime(), Date.now(), 'ok']) + '\\n'),
});`;

/** One run of the kit: figures by their names, nested ones with dots. */
type Outcome = Readonly<Record<string, number>>;

export interface PeersOptions {
  readonly kit: string;
  readonly runs: number;
}

type Measure = (peer: string, what: string, times: number) => Promise<Outcome>;

/** The local host and what the kit finds, with a module that says when it starts. */
export async function beside<Found>(kit: string, work: (measure: Measure, others: readonly string[]) => Promise<Found>): Promise<Found> {
  const project = await makeProject({ fires: FIRES });
  const file = join(project.root, 'peers.json');
  const known = JSON.parse(await readFile(join(kit, 'peers.json'), 'utf8'));
  const data = join(project.root, '.carillon');
  const reset = `rm -rf ${data}/table ${data}/schedules.jsonl ${data}/logs; echo FIRES=$WORK/fires.jsonl > ${project.root}/.env`;
  const carillon = {
    cmd: 'node local/start.mjs local/dev.ts --port $PORT',
    cwd: project.root,
    reset,
    shape: join(root, 'test/bench/shape.json'),
  };
  await writeFile(file, JSON.stringify({ ...known, carillon }));
  const installed = existsSync(join(process.env.DIR ?? join(tmpdir(), 'peers'), 'node/kit')) ? OTHERS : [];
  try {
    return await work(async (peer, what, times) => medians(await drive(kit, file, peer, what, times)), installed);
  } finally {
    await project.remove();
  }
}

/** What the kit found of ours and of a peer. */
interface Pair {
  readonly ours: Outcome;
  readonly theirs: Outcome;
  readonly peer: string;
}

/** The same figure of both, by its name in the kit. */
export function sideBySide(what: string, unit: string, { ours, theirs, peer }: Pair, name: string, budget?: Budget): Figure {
  return { what, value: ours[name] ?? Number.NaN, unit, beside: { what: peer, value: theirs[name] ?? Number.NaN }, budget };
}

export async function besidePredecessor(measure: Measure, what: string, runs: number): Promise<Pair> {
  return {
    ours: await measure('carillon', what, runs),
    theirs: await measure(PREDECESSOR, what, runs),
    peer: 'the predecessor on SQLite',
  };
}

/** Creates, lists, memory, restarts, steady load and kills. */
export function peers({ kit, runs }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const both = (what: string) => besidePredecessor(measure, what, runs);
    const create = await both(CREATES);
    const full = await both('full --n 10000');
    const steady = await both('steady --k 100 --secs 60');
    const crash = await both('crash');
    const figures: Figure[] = [
      sideBySide('creates, 16 clients', 'a second', create, 'rate', ratioAtLeast(1)),
      sideBySide('creates up to 10,000 jobs, 16 clients', 'a second', full, 'create.rate', ratioAtLeast(1)),
      sideBySide('list of 10,000 jobs, page by page', 'ms', full, 'list.ms', ratioAtMost(1)),
      sideBySide('get a job', 'ms', full, 'get.p50'),
      sideBySide('delete a job', 'ms', full, 'del.p50'),
      sideBySide('idle with 10,000 jobs', '% of a core', full, 'idleCpuPct', atMost(1)),
      sideBySide('memory with 10,000 jobs (PSS, whole process tree)', 'MB', full, 'full.pssMB', atMost(450)),
      sideBySide('restart with 10,000 jobs, to the first answer', 'ms', full, 'restart.readyMs', atMost(2_000)),
      {
        what: 'jobs that are there after it, of those before',
        value: (full.ours['restart.count'] ?? 0) / (full.ours['restart.expected'] ?? 1),
        unit: '',
      },
      sideBySide('steady, 100 jobs every second: lateness, 99 of 100', 'ms', steady, 'p99', atMost(50)),
      sideBySide('steady: missed of 6,000', 'runs', steady, 'missed', atMost(0)),
      sideBySide('kill -9 during creates: acknowledged jobs that are lost', 'jobs', crash, 'lost', atMost(0)),
    ];
    for (const peer of others) {
      const pair = { ours: create.ours, theirs: await measure(peer, CREATES, runs), peer };
      figures.push(sideBySide(`creates, beside ${peer}`, 'a second', pair, 'rate'));
    }
    return { figures };
  });
}

/** Many jobs that are due in the same second. */
export function burst({ kit, runs }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const what = `burst --b ${BURST} --slack 2 --wait 240`;
    const both = await besidePredecessor(measure, what, runs);
    const { ours } = both;
    const floor = await storeFloor();
    const figures: Figure[] = [
      sideBySide(`burst of ${BURST} in one second: never started`, 'runs', both, 'missed', atMost(0)),
      { what: 'burst: started twice', value: ours.duplicates ?? Number.NaN, unit: 'runs', budget: atMost(0) },
      {
        what: 'burst: the last start',
        value: ours.max ?? Number.NaN,
        unit: 'ms',
        beside: { what: 'what the store takes for as many runs', value: (1_000 * BURST) / floor },
        budget: ratioAtMost(1.3),
      },
      { what: 'runs that the store takes, and nothing else', value: floor, unit: 'a second' },
    ];
    for (const peer of others) {
      const pair = { ours, theirs: await measure(peer, what, runs), peer };
      const budget = peer === 'agenda-pg' ? ratioAtMost(1) : undefined;
      figures.push(sideBySide(`burst: the last start, beside ${peer}`, 'ms', pair, 'max', budget));
    }
    return { figures };
  });
}

/** Runs the kit, and reads the JSON lines that it prints. */
async function drive(kit: string, file: string, peer: string, what: string, times: number): Promise<Outcome[]> {
  const args = [resolve(kit, 'load.mjs'), '--peers', file, '--peer', peer, '--runs', String(times), '--do', ...what.split(' ')];
  process.stderr.write(`${peer}: ${what}\n`);
  const text = await printed(args, process.env);
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => {
    const outcome = JSON.parse(line);
    if (outcome.error) process.stderr.write(`${peer}: ${outcome.error}\n`);
    return Object.fromEntries(flat(outcome));
  });
}

function flat(outcome: object, before = ''): [string, number][] {
  return Object.entries(outcome).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[before + name, value]];
    return value !== null && typeof value === 'object' ? flat(value, `${before}${name}.`) : [];
  });
}

/** What must not happen even once: of these the worst run counts. */
const WORST = new Set(['lost', 'missed', 'duplicates']);

function medians(outcomes: readonly Outcome[]): Outcome {
  const names = new Set(outcomes.flatMap((outcome) => Object.keys(outcome)));
  const of = (name: string) => outcomes.flatMap((outcome) => outcome[name] ?? []);
  return Object.fromEntries([...names].map((name) => [name, WORST.has(name) ? Math.max(...of(name)) : median(of(name))]));
}

/** What a program of Node's prints. */
export async function printed(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await Promise.all([consume(child.stdout), once(child, 'close')]);
  return text;
}

/** How many runs a second the store alone takes, of as many processes as the host has cores. */
function storeFloor(): Promise<number> {
  return withDatabase(async ({ endpoint }) => {
    const env = { ...process.env, ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
    const args = (n: number) => ['local/start.mjs', 'test/bench/store-load.ts', TABLE, `load${n}`, String(LOAD_SECONDS)];
    const done = await Promise.all(Array.from({ length: LOADERS }, async (_, n) => Number(await printed(args(n), env))));
    return done.reduce((sum, runs) => sum + runs, 0) / LOAD_SECONDS;
  });
}
