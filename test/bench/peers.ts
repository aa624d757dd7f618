import { atMost, type Budget, type Figure, ratioAtLeast, ratioAtMost, type Section, short } from './figures.ts';
import { beside, type Measure, OTHERS, OURS, type Outcome, type PeersOptions, printed } from './kit.ts';
import { CREDENTIALS, TABLE, withDatabase } from './services.ts';

// The local host beside other schedulers: what each does under the same load.

const PREDECESSOR = 'seed-sqlite';
export const BURST = 5_000;
export const CREATES = 'create --n 1000 --conc 16';
const FULL = 'full --n 10000';
const STEADY = 'steady --k 100 --secs 60';
const LOADERS = 2;
const LOAD_SECONDS = 15;

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
    ours: await measure(OURS, what, runs),
    theirs: await measure(PREDECESSOR, what, runs),
    peer: 'the predecessor on SQLite',
  };
}

/** Creates, lists, memory, restarts, steady load and kills. */
export function peers({ kit, runs }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const both = (what: string) => besidePredecessor(measure, what, runs);
    const create = await both(CREATES);
    const full = await both(FULL);
    const steady = await both(STEADY);
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
      sideBySide('steady, 100 jobs every second: lateness, half of them', 'ms', steady, 'p50'),
      sideBySide('steady: lateness, 99 of 100', 'ms', steady, 'p99', atMost(50)),
      sideBySide('steady: of 6,000, not started when the measurement ended', 'runs', steady, 'missed', atMost(0)),
      sideBySide('steady: started twice', 'runs', steady, 'dup', atMost(0)),
      sideBySide('kill -9 during creates: acknowledged jobs that are lost', 'jobs', crash, 'lost', atMost(0)),
    ];
    const columns: Column[] = [
      { name: 'Carillon', of: { create: create.ours, full: full.ours, steady: steady.ours, crash: crash.ours } },
      { name: 'the predecessor', of: { create: create.theirs, full: full.theirs, steady: steady.theirs, crash: crash.theirs } },
    ];
    for (const peer of others) {
      const of: Column['of'] = {
        create: await measure(peer, CREATES, 1),
        full: await measure(peer, FULL, 1),
        steady: await measure(peer, STEADY, 1),
        crash: await measure(peer, 'crash', 1),
      };
      columns.push({ name: OTHERS[peer] ?? peer, of });
    }
    return { figures, text: ['All of them; the last columns were measured once, the first two as above:', '', ...allOf(columns)] };
  });
}

/** What was measured of one of them. */
interface Column {
  readonly name: string;
  readonly of: Readonly<Record<'create' | 'full' | 'steady' | 'crash', Outcome>>;
}

const ROWS: readonly (readonly [string, keyof Column['of'], string])[] = [
  ['creates a second', 'create', 'rate'],
  ['list of 10,000 jobs, ms', 'full', 'list.ms'],
  ['get, ms', 'full', 'get.p50'],
  ['delete, ms', 'full', 'del.p50'],
  ['memory with 10,000 jobs, MB', 'full', 'full.pssMB'],
  ['restart with 10,000 jobs, ms', 'full', 'restart.readyMs'],
  ['steady: 99 of 100 start within, ms', 'steady', 'p99'],
  ['steady: not started of 6,000', 'steady', 'missed'],
  ['kill -9: acknowledged jobs that are lost', 'crash', 'lost'],
];

/** A column for each, without budgets. */
function allOf(columns: readonly Column[]): string[] {
  const rows = ROWS.map(([what, part, name]) => [what, ...columns.map(({ of }) => short(of[part][name] ?? Number.NaN))]);
  const lines = [['', ...columns.map(({ name }) => name)], ['---', ...columns.map(() => '---')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
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
      figures.push(sideBySide('burst: the last start', 'ms', { ...pair, peer: OTHERS[peer] ?? peer }, 'max', budget));
    }
    return { figures };
  });
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
