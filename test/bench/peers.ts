import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableDefinition } from '../../aws/table-definition.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';
import { makeProject } from '../support/project.ts';
import { atMost, type Figure, median, ratioAtLeast, ratioAtMost, type Section } from './figures.ts';

// The local host and other schedulers under the same load, by a kit that drives any of them from outside over HTTP: `--peers <its folder>`.

const root = fileURLToPath(new URL('../..', import.meta.url));
const PREDECESSOR = 'seed-sqlite';
/** Those of which something is installed, beside the predecessor. */
const OTHERS = ['bullmq', 'pg-boss', 'agenda-pg', 'croner'];
const BURST = 5_000;
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
async function beside<Found>(kit: string, work: (measure: Measure, others: readonly string[]) => Promise<Found>): Promise<Found> {
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

const predecessor = (value: number | undefined) => ({ what: 'the predecessor on SQLite', value: value ?? Number.NaN });

/** Creates, lists, memory, restarts, steady load and kills. */
export function peers({ kit, runs }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const figures: Figure[] = [];
    const both = async (what: string, times: number) =>
      [await measure('carillon', what, times), await measure(PREDECESSOR, what, times)] as const;
    const [create, theirCreate] = await both('create --n 1000 --conc 16', runs);
    figures.push({
      what: 'creates, 16 clients',
      value: create.rate ?? Number.NaN,
      unit: 'a second',
      beside: predecessor(theirCreate.rate),
      budget: ratioAtLeast(1),
    });
    const [full, theirFull] = await both('full --n 10000', 1);
    figures.push(
      {
        what: 'creates up to 10,000 jobs, 16 clients',
        value: full['create.rate'] ?? Number.NaN,
        unit: 'a second',
        beside: predecessor(theirFull['create.rate']),
        budget: ratioAtLeast(1),
      },
      {
        what: 'list of 10,000 jobs, page by page',
        value: full['list.ms'] ?? Number.NaN,
        unit: 'ms',
        beside: predecessor(theirFull['list.ms']),
        budget: ratioAtMost(1),
      },
      { what: 'get a job', value: full['get.p50'] ?? Number.NaN, unit: 'ms', beside: predecessor(theirFull['get.p50']) },
      { what: 'delete a job', value: full['del.p50'] ?? Number.NaN, unit: 'ms', beside: predecessor(theirFull['del.p50']) },
      {
        what: 'idle with 10,000 jobs',
        value: full.idleCpuPct ?? Number.NaN,
        unit: '% of a core',
        beside: predecessor(theirFull.idleCpuPct),
        budget: atMost(1),
      },
      {
        what: 'memory with 10,000 jobs (PSS, whole process tree)',
        value: full['full.pssMB'] ?? Number.NaN,
        unit: 'MB',
        beside: predecessor(theirFull['full.pssMB']),
        budget: atMost(450),
      },
      {
        what: 'restart with 10,000 jobs, to the first answer',
        value: full['restart.readyMs'] ?? Number.NaN,
        unit: 'ms',
        beside: predecessor(theirFull['restart.readyMs']),
        budget: atMost(2_000),
      },
      {
        what: 'jobs that are there after it, of those before',
        value: (full['restart.count'] ?? 0) / (full['restart.expected'] ?? 1),
        unit: '',
      },
    );
    const [steady, theirSteady] = await both('steady --k 100 --secs 60', 1);
    figures.push(
      {
        what: 'steady, 100 jobs every second: lateness, 99 of 100',
        value: steady.p99 ?? Number.NaN,
        unit: 'ms',
        beside: predecessor(theirSteady.p99),
        budget: atMost(50),
      },
      {
        what: 'steady: missed of 6,000',
        value: steady.missed ?? Number.NaN,
        unit: 'runs',
        beside: predecessor(theirSteady.missed),
        budget: atMost(0),
      },
    );
    const [crash, theirCrash] = await both('crash', 1);
    figures.push({
      what: 'kill -9 during creates: acknowledged jobs that are lost',
      value: crash.lost ?? Number.NaN,
      unit: 'jobs',
      beside: predecessor(theirCrash.lost),
      budget: atMost(0),
    });
    for (const other of others) {
      const { rate } = await measure(other, 'create --n 1000 --conc 16', 1);
      figures.push({
        what: `creates, beside ${other}`,
        value: create.rate ?? Number.NaN,
        unit: 'a second',
        beside: { what: other, value: rate ?? Number.NaN },
      });
    }
    return { figures };
  });
}

/** Many jobs that are due in the same second. */
export function burst({ kit }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const what = `burst --b ${BURST} --slack 2 --wait 240`;
    const [burst, theirBurst] = [await measure('carillon', what, 1), await measure(PREDECESSOR, what, 1)];
    const floor = await storeFloor();
    const figures: Figure[] = [];
    figures.push(
      {
        what: `burst of ${BURST} in one second: never started`,
        value: burst.missed ?? Number.NaN,
        unit: 'runs',
        beside: predecessor(theirBurst.missed),
        budget: atMost(0),
      },
      { what: 'burst: started twice', value: burst.duplicates ?? Number.NaN, unit: 'runs', budget: atMost(0) },
      {
        what: 'burst: the last start',
        value: burst.max ?? Number.NaN,
        unit: 'ms',
        beside: { what: 'what the store takes for as many runs', value: (1_000 * BURST) / floor },
        budget: ratioAtMost(1.3),
      },
      { what: 'runs that the store takes, and nothing else', value: floor, unit: 'a second' },
    );
    for (const other of others) {
      const { max } = await measure(other, what, 1);
      figures.push({
        what: `burst: the last start, beside ${other}`,
        value: burst.max ?? Number.NaN,
        unit: 'ms',
        beside: { what: other, value: max ?? Number.NaN },
        budget: other === 'agenda-pg' ? ratioAtMost(1) : undefined,
      });
    }
    const text =
      'What starts more than a minute late takes its turn among the late runs of its job first (core/run/turn.ts), which are further calls: the last of a long burst take longer than the first.';
    return { figures, text: [text] };
  });
}

/** Runs the kit, and reads the JSON lines that it prints. */
async function drive(kit: string, file: string, peer: string, what: string, times: number): Promise<Outcome[]> {
  const args = [resolve(kit, 'load.mjs'), '--peers', file, '--peer', peer, '--runs', String(times), '--do', ...what.split(' ')];
  process.stderr.write(`${peer}: ${what}\n`);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await new Promise((done) => child.on('close', done));
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

function medians(outcomes: readonly Outcome[]): Outcome {
  const names = new Set(outcomes.flatMap((outcome) => Object.keys(outcome)));
  return Object.fromEntries([...names].map((name) => [name, median(outcomes.flatMap((outcome) => outcome[name] ?? []))]));
}

/** How many runs a second the store alone takes, of as many processes as the host has cores. */
async function storeFloor(): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-floor-'));
  const database = await startDatabase(join(data, 'table'));
  const table = 'floor';
  await createTable(database.endpoint, tableDefinition(table));
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const loads = Array.from({ length: LOADERS }, (_, n) => {
    const args = ['local/start.mjs', 'test/bench/store-load.ts', table, `load${n}`, String(LOAD_SECONDS)];
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return new Promise<number>((done) => child.on('close', () => done(Number(text))));
  });
  const done = (await Promise.all(loads)).reduce((sum, runs) => sum + runs, 0);
  await database.stop();
  await rm(data, { recursive: true, force: true });
  return done / LOAD_SECONDS;
}
