import { readdir, readFile } from 'node:fs/promises';
import { eachAtOnce } from '../support/each-at-once.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';
import { atMost, type Figure, median, type Section } from './figures.ts';

// What a local host with 10,000 jobs takes: memory by part, processor while nothing is due, and how soon it answers after a start.

const [JOBS, IDLE_MS, WINDOWS, STARTS] = [10_000, 30_000, 5, 5];
const TICKS_A_SECOND = 100;
const FAR = '2027-12-30T00:00:00';

/** Proportional set sizes in MB: what a process has of its own, and its share of what it has in common with others. */
interface Memory {
  readonly name: string;
  readonly anonymous: number;
  readonly files: number;
}

export async function memory(): Promise<Section> {
  const project = await makeProject({});
  const port = await freePort();
  const start = async () => {
    const began = performance.now();
    const host = new DevHost(project.root, port, [], 'node');
    await host.prints(/^ready /m);
    await host.request('GET', '/v1/health');
    return { host, ms: performance.now() - began };
  };
  let { host } = await start();
  try {
    await eachAtOnce(JOBS, async (n) => {
      const { status } = await host.request('POST', '/v1/jobs', { id: `job-${n}`, module: 'heartbeat', schedule: { type: 'at', at: FAR } });
      if (status !== 201) throw new Error(`a create was answered ${status}`);
    });
    const starts: number[] = [];
    for (let n = 0; n < STARTS; n++) {
      await host.end('SIGTERM');
      const started = await start();
      host = started.host;
      starts.push(started.ms);
    }
    // A start has its own work: the list that tells what is there is compared with the schedules.
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const pids = await tree(Number(host.process.pid));
    const idle: number[] = [];
    for (let n = 0; n < WINDOWS; n++) {
      const before = await processor(pids);
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      idle.push((100_000 * ((await processor(pids)) - before)) / TICKS_A_SECOND / IDLE_MS);
    }
    const parts = await Promise.all(pids.map(memoryOf));
    const all = parts.reduce((sum, { anonymous, files }) => sum + anonymous + files, 0);
    const figures: Figure[] = [
      { what: `memory with ${JOBS.toLocaleString('en')} jobs (PSS), in all`, value: all, unit: 'MB', budget: atMost(450) },
      ...parts.flatMap(({ name, anonymous, files }) => [
        { what: `${name}: heaps, stacks, buffers`, value: anonymous, unit: 'MB' },
        { what: `${name}: Node itself and libraries`, value: files, unit: 'MB' },
      ]),
      { what: 'processor while nothing is due', value: median(idle), unit: '% of a core', budget: atMost(1) },
      { what: `processor in the busiest ${IDLE_MS / 1_000} s of it`, value: Math.max(...idle), unit: '% of a core' },
      {
        what: `start with ${JOBS.toLocaleString('en')} jobs, to the first answer`,
        value: median(starts),
        unit: 'ms',
        budget: atMost(2_000),
      },
    ];
    return {
      figures,
      text: [
        `After ${STARTS} starts and ${IDLE_MS / 1_000} s of rest; idle is the median of ${WINDOWS} times ${IDLE_MS / 1_000} s; npm, which only waits, is not counted.`,
      ],
    };
  } finally {
    await host.end('SIGTERM');
    await project.remove();
  }
}

async function tree(root: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of all) parents.set(pid, Number((await stat(pid))[1]));
  const found = [root];
  for (const pid of found) found.push(...all.filter((child) => parents.get(child) === pid));
  return found;
}

/** The fields of /proc/<pid>/stat from the state on; of a process that has ended, none. */
async function stat(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function processor(pids: readonly number[]): Promise<number> {
  const fields = await Promise.all(pids.map(stat));
  return fields.reduce((sum, of) => sum + Number(of[11] ?? 0) + Number(of[12] ?? 0), 0);
}

async function memoryOf(pid: number): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').find((word) => /\.ts$|esbuild/.test(word)) ?? 'a process';
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1_024;
  return { name: command, anonymous: megabytes('Pss_Anon'), files: megabytes('Pss_File') + megabytes('Pss_Shmem') };
}
