// Proves the protocol: `npm run sim -- --histories 100000 --seed 1`, and `--help`. Ends with its figures, and with 1 if a promise was broken.
import { parseArgs } from 'node:util';
import { type Figures, jobYears, overSdk, plantedMistakes, randomHistories, singleFaults, storedHistories } from './figures.ts';
import { PARTS, type Part } from './part.ts';

const HELP = `npm run sim -- [what] [how]       without any: --histories 2000 --single
what  --histories N   so many random histories of operations and faults, in memory
      --mutants N     looks for each planted mistake in so many histories
      --single        every fault at every call of every operation, one at a time
      --sdk N         so many random histories through the AWS SDK and the local services
      --years N       so many job-years, in hundreds, every due time held against another calendar
how   --seed S        the first seed; the same seeds give the same histories (1)
      --operations N  of a history (30)
      --faults P      how likely a call meets a fault (0.2)`;

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        histories: { type: 'string' },
        single: { type: 'boolean', default: false },
        mutants: { type: 'string' },
        sdk: { type: 'string' },
        years: { type: 'string' },
        seed: { type: 'string', default: '1' },
        operations: { type: 'string', default: '30' },
        faults: { type: 'string', default: '0.2' },
        help: { type: 'boolean', default: false },
        part: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return stop(String(error));
  }
})();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const seed = whole('seed', values.seed);
const draw = { operations: whole('operations', values.operations), faults: values.faults === '' ? Number.NaN : Number(values.faults) };
if (!(draw.faults >= 0 && draw.faults <= 1)) stop(`--faults ${values.faults}: a probability is from 0 to 1`);

if (values.part) {
  process.once('disconnect', () => process.exit());
  const [part, from, count] = positionals;
  const result = await PARTS[part as Part](Number(from), Number(count), { ...draw, mutants: Number(values.mutants) });
  process.send?.(result, () => process.exit(0));
} else {
  if (positionals.length > 0) stop(`${positionals.join(' ')}: not known`);
  await all();
}

async function all(): Promise<void> {
  const began = performance.now();
  const seconds = () => `${Math.round((performance.now() - began) / 1_000)} s`;
  const tell = (progress: string) => void (process.stderr.isTTY && process.stderr.write(`\r${progress}, ${seconds()} `));
  const campaign = { seed, args: ['--operations', String(draw.operations), '--faults', String(draw.faults)], tell };
  const { histories, single, mutants, sdk, years } = values;
  const isShort = [histories, mutants, sdk, years].every((given) => given === undefined) && !single;
  const parts: (false | (() => Promise<Figures>))[] = [
    storedHistories,
    (single || isShort) && (() => singleFaults(campaign)),
    mutants !== undefined && (() => plantedMistakes(whole('mutants', mutants), campaign)),
    years !== undefined && (() => jobYears(whole('years', years), campaign)),
    sdk !== undefined && (() => overSdk(whole('sdk', sdk), campaign)),
    (histories !== undefined || isShort) && (() => randomHistories(whole('histories', histories ?? '2000'), campaign)),
  ];
  // What the API logs of injected faults is of no use.
  console.error = () => undefined;
  const last: string[] = [];
  for (const part of parts) {
    if (!part) continue;
    const { lines, violations } = await part();
    for (const line of lines.slice(0, -1)) console.log(line);
    last.push(`${lines.at(-1)}, ${seconds()}`);
    if (violations > 0) process.exitCode = 1;
  }
  for (const line of last) console.log(line);
}

function whole(name: string, text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : stop(`--${name} ${text}: a whole number from 1 on is needed`);
}

function stop(why: string): never {
  console.log(`${why}\n${HELP}`);
  process.exit(2);
}
