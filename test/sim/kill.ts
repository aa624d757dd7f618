// Kills the local host while clients write, starts it again on the same data, and looks for what it acknowledged.
// node local/start.mjs test/sim/kill.ts [--rounds 20] [--seed 1]
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Chance } from '../../testing/simulator/chance.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';
import { checkJobs } from './kill-check.ts';
import { KillClient } from './kill-client.ts';

interface Campaign {
  readonly rounds: number;
  readonly seed: number;
  print(line: string): void;
}

interface Figures {
  readonly rounds: number;
  /** Writes that were answered with 2xx. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly unexpected: number;
  readonly restartMs: { readonly median: number; readonly p95: number; readonly max: number };
}

const CLIENTS = 8;
const LONGEST_RESTART_MS = 3_000;
/** From the first create of a round that was acknowledged. */
const KILL_AFTER_MS = { least: 50, most: 1_500 };

/** Lets clients write to a real host, kills and restarts it once a round, and holds what it has against what it said. */
export async function killRounds({ rounds, seed, print }: Campaign): Promise<Figures> {
  const chance = new Chance(seed, 'kills');
  const clients = Array.from({ length: CLIENTS }, (_, index) => new KillClient(`c${index}`, new Chance(seed, `client ${index}`)));
  const project = await makeProject({});
  const restarts: number[] = [];
  let [lost, unexpected] = [0, 0];
  let { host } = await start(project.root);
  try {
    for (let round = 1; round <= rounds; round++) {
      await writeUntilKilled(host, clients, KILL_AFTER_MS.least + chance.below(KILL_AFTER_MS.most - KILL_AFTER_MS.least));
      const restarted = await start(project.root);
      host = restarted.host;
      restarts.push(restarted.ms);
      const findings = await checkJobs(
        host,
        clients.flatMap(({ jobs }) => jobs),
        performance.now(),
      );
      findings.unexpected.push(...clients.flatMap(({ refused }) => refused.splice(0)));
      for (const client of clients) client.jobs = client.jobs.filter(({ told }) => told !== 'gone');
      lost += findings.lost.length;
      unexpected += findings.unexpected.length;
      const wrong = [...findings.lost.map((text) => `lost: ${text}`), ...findings.unexpected];
      if (wrong.length > 0) print(`round ${round} of seed ${seed}: ${wrong.join('; ')}`);
    }
  } finally {
    await host.end('SIGKILL').catch(() => undefined);
    if (lost + unexpected === 0) await project.remove();
    else print(`the data is kept in ${project.root}/.carillon`);
  }
  const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged, 0);
  const figures = { rounds, acknowledged, lost, unexpected, restartMs: summary(restarts) };
  const { median, p95, max } = figures.restartMs;
  print(
    `${rounds} kills, seed ${seed}: ${acknowledged} writes acknowledged, ${lost} lost, ${unexpected} unexpected; restart ${median} ms (median), ${p95} (p95), ${max} (most)`,
  );
  return figures;
}

async function start(root: string): Promise<{ host: DevHost; ms: number }> {
  const port = await freePort();
  const before = performance.now();
  const host = new DevHost(root, port, [], 'node');
  await host.prints(/^ready /m);
  return { host, ms: Math.round(performance.now() - before) };
}

/** Kills the host so long after the first acknowledged create, and returns when every client has noticed. */
async function writeUntilKilled(host: DevHost, clients: readonly KillClient[], afterMs: number): Promise<void> {
  let created: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    created = resolve;
  });
  const working = Promise.all(clients.map((client) => client.work(host.url, created)));
  await Promise.race([first, working]);
  await delay(afterMs);
  host.process.kill('SIGKILL');
  await Promise.all([working, host.exited()]);
}

function summary(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

if (process.argv[1]?.endsWith('/test/sim/kill.ts')) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
  const [rounds, seed] = [values.rounds, values.seed].map((text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0));
  if (!rounds || !seed) throw new Error('--rounds and --seed are whole numbers from 1 on');
  const { lost, unexpected, restartMs } = await killRounds({ rounds, seed, print: console.log });
  if (restartMs.max > LONGEST_RESTART_MS) console.log(`a restart took longer than ${LONGEST_RESTART_MS} ms`);
  process.exitCode = lost + unexpected > 0 || restartMs.max > LONGEST_RESTART_MS ? 1 : 0;
}
