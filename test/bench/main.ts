import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from 'commander';
import { whole } from '../support/whole.ts';
import { checks } from './checks.ts';
import { cold } from './cold.ts';
import { cost } from './cost.ts';
import { keeps, type Section, table } from './figures.ts';
import { growth } from './growth.ts';
import { memory } from './memory.ts';
import { writeSection } from './page.ts';
import { burst, peers } from './peers.ts';
import { processor } from './processor.ts';
import { profile } from './profile.ts';
import { starts } from './starts.ts';

// Every figure of docs/performance.md, each with what it is measured beside; ends with 1 if a budget is broken.

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const TITLES = {
  cost: 'What a run costs',
  processor: 'What a request and a run cost the processor',
  profile: 'Where the time goes',
  cold: 'Cold starts',
  growth: 'From 100 jobs to many',
  memory: 'The local host at rest',
  checks: 'Tests and templates',
  peers: 'Beside other schedulers',
  burst: 'Many jobs due in one second',
  starts: 'Starts, and what lies below any scheduler',
} as const;
type Part = keyof typeof TITLES;
const PARTS = Object.keys(TITLES) as Part[];

const BESIDE = ['peers', 'burst', 'starts'];
const SIZES = [1_000, 10_000, 100_000, 1_000_000];

interface Options {
  readonly peers?: string;
  readonly runs: number;
  readonly jobs: number;
}
program
  .name('npm run bench --')
  .description('Measures, and writes what it found into docs/performance.md in place of what was there; ends with 1 if a budget is broken')
  .argument('[parts...]', `which: ${PARTS.join(', ')}; all if none is named`)
  .option('--peers <folder>', 'a kit that drives other schedulers over HTTP: without it there is nothing to be measured beside')
  .option('--runs <n>', 'how often each is measured beside peers: five take an hour, one takes fifteen minutes', whole, 5)
  .option('--jobs <n>', `how many jobs to grow to: ${SIZES.join(', ')}`, whole, 100_000)
  .action(async (asked: string[], options: Options) => {
    const unknown = asked.find((name) => !(PARTS as string[]).includes(name));
    if (unknown) program.error(`error: there is no part "${unknown}": ${PARTS.join(', ')}`);
    if (!SIZES.includes(options.jobs))
      program.error(`error: --jobs ${options.jobs}: growth is from 100 jobs, ten times as many each: ${SIZES.join(', ')}`);
    if (options.runs < 1) program.error(`error: --runs ${options.runs}: once at least`);
    const { peers: kit } = options;
    const isKit = kit === undefined || ['peers.json', 'load.mjs'].every((file) => existsSync(join(kit, file)));
    if (!isKit) program.error(`error: --peers ${kit}: a kit has a peers.json and a load.mjs, which this folder has not`);
    const alone = asked.find((part) => kit === undefined && BESIDE.includes(part));
    if (alone) program.error(`error: ${alone} measures beside other schedulers: --peers <folder> says where the kit is that drives them`);
    let broken = 0;
    for (const part of asked.length > 0 ? (asked as Part[]) : PARTS) {
      const section = await measure(part, options);
      if (!section) continue;
      console.log(`\n## ${TITLES[part]}\n\n${table(section.figures).join('\n')}`);
      broken += section.figures.filter((figure) => !keeps(figure)).length;
      await writeSection(PAGE, part, TITLES[part], command(part, options), section);
    }
    console.log(`\n${broken} budgets broken`);
    process.exit(broken > 0 ? 1 : 0);
  });
await program.parseAsync();

async function measure(part: Part, options: Options): Promise<Section | undefined> {
  switch (part) {
    case 'cost':
      return cost();
    case 'processor':
      return processor();
    case 'profile':
      return profile();
    case 'cold':
      return cold();
    case 'growth':
      return growth({ most: options.jobs });
    case 'memory':
      return memory();
    case 'checks':
      return checks();
    case 'peers':
    case 'burst':
    case 'starts':
      if (options.peers) return { peers, burst, starts }[part]({ kit: options.peers, runs: options.runs });
      console.log(
        `\n${part}: skipped, its budgets are not checked and the page keeps its old figures: nothing is measured beside others without --peers <folder>`,
      );
      return undefined;
  }
}

function command(part: Part, { jobs, runs }: Options): string {
  const more = BESIDE.includes(part) ? ` --runs ${runs} --peers <folder>` : part === 'growth' ? ` --jobs ${jobs}` : '';
  return `npm run bench -- ${part}${more}`;
}
