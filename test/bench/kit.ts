import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as consume } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { makeProject } from '../support/project.ts';
import { atMost, type Figure, median, type Section } from './figures.ts';

// The local host and other schedulers under the same load, by a kit that drives any of them from outside over HTTP: `--peers <its folder>`.

const root = fileURLToPath(new URL('../..', import.meta.url));
export const OURS = 'carillon';
/** The others, as the kit and as people call them. */
export const OTHERS: Readonly<Record<string, string>> = {
  bullmq: 'BullMQ on Redis',
  'pg-boss': 'pg-boss on PostgreSQL',
  'agenda-pg': 'Agenda on PostgreSQL',
  croner: 'croner, in memory',
  'node-cron': 'node-cron, in memory',
};
const FIRES = `import { appendFileSync } from 'node:fs';
import { defineModule } from 'carillon';
export default defineModule({
  description: 'append a line to FIRES',
  run: (_input, { job, dueAt }) => appendFileSync(String(process.env.FIRES), JSON.stringify([job.id, dueAt.getTime(), Date.now(), 'ok']) + '\\n'),
});`;

/** One run of the kit: figures by their names, nested ones with dots. */
export type Outcome = Readonly<Record<string, number>>;

export interface PeersOptions {
  readonly kit: string;
  readonly runs: number;
}

export type Measure = (peer: string, what: string, times: number) => Promise<Outcome>;

/** The local host and what the kit finds, with a module that says when it starts. */
export async function beside(kit: string, work: (measure: Measure, others: readonly string[]) => Promise<Section>): Promise<Section> {
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
  await writeFile(file, JSON.stringify({ ...known, [OURS]: carillon }));
  const installed = existsSync(join(process.env.DIR ?? join(tmpdir(), 'peers'), 'node/kit')) ? Object.keys(OTHERS) : [];
  if (installed.length === 0) process.stderr.write(`only beside the predecessor: ${Object.values(OTHERS).join(', ')} are not installed\n`);
  const failures: string[] = [];
  try {
    const { figures, text = [] } = await work(
      async (peer, what, times) => medians(await drive(kit, file, peer, what, times, failures)),
      installed,
    );
    // What ended with an error has no figures: those of the other runs are not to hide it.
    const ours = failures.filter((one) => one.startsWith(OURS)).length;
    const failed: Figure = { what: 'measurements of Carillon that ended with an error', value: ours, unit: '', budget: atMost(0) };
    return { figures: [...figures, failed], text: [...text, ...failures.map((one) => `Without figures: ${one}.`)] };
  } finally {
    await project.remove();
  }
}

/** Runs the kit, and reads the JSON lines that it prints. */
async function drive(kit: string, file: string, peer: string, what: string, times: number, failures: string[]): Promise<Outcome[]> {
  const args = [resolve(kit, 'load.mjs'), '--peers', file, '--peer', peer, '--runs', String(times), '--do', ...what.split(' ')];
  process.stderr.write(`${peer}: ${what}\n`);
  const text = await printed(args, process.env);
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) failures.push(`${peer}, ${what}: no answer`);
  return lines.map((line) => {
    const outcome = JSON.parse(line);
    const error = outcome.error ?? outcome.restart?.error;
    if (error) failures.push(`${peer}, ${what}: ${String(error).split('\n')[0]}`);
    const figures = flat(outcome);
    const refused = figures.reduce((sum, [name, value]) => sum + (REFUSED.test(name) ? value : 0), 0);
    if (refused > 0) failures.push(`${peer}, ${what}: ${refused} requests were refused`);
    return Object.fromEntries(figures);
  });
}

/** How many answers were no good, in whatever part of it. */
const REFUSED = /(^|\.)(bad|createBad)$/;

function flat(outcome: object, before = ''): [string, number][] {
  return Object.entries(outcome).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[before + name, value]];
    return value !== null && typeof value === 'object' ? flat(value, `${before}${name}.`) : [];
  });
}

/** What must not happen even once: of these the worst run counts. */
const WORST = new Set(['lost', 'missed', 'duplicates', 'dup']);

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
