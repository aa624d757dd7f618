import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import type { Forecast } from '../forecast.ts';

interface Options {
  readonly timezone?: string;
  readonly after?: string;
  readonly start?: string;
  readonly end?: string;
  readonly n: number;
  readonly json?: boolean;
  readonly stdin?: boolean;
}

/** `carillon next`: when a schedule is due, worked out here, without any network. */
export function nextCommand(): Command {
  return new Command('next')
    .description('When a schedule is due next; needs no network')
    .argument('[schedule]', 'in any spelling; an object of fields as JSON')
    .option('--timezone <name>', 'IANA time zone (default: UTC)')
    .option('--after <instant>', 'show due times strictly after this instant, ISO 8601 with Z or an offset (default: now)')
    .option('--start <instant>', 'first instant that counts; a rate counts from it (default: from --after)')
    .option('--end <instant>', 'last instant that counts')
    .option('-n <count>', 'how many', count, 5)
    .option('--json', 'print JSON')
    .option('--stdin', 'read JSON lines { id, schedule, timezone, start, end, after, n } and answer each with a JSON line')
    .addHelpText('after', "\nExample:\n  carillon next '0 8 * * 1-5' --timezone Europe/Berlin --after 2027-01-01T00:00:00Z -n 3\n")
    .action(async (schedule: string | undefined, options: Options, command: Command) => {
      if (options.stdin) {
        const given = schedule === undefined ? BESIDE_LINES.find((name) => command.getOptionValueSource(name) === 'cli') : 'schedule';
        return given ? command.error(`error: with --stdin each line has its own ${given}`) : answerLines();
      }
      if (schedule === undefined) return command.error('error: give a schedule, or --stdin');
      const { n, timezone, after, start, end } = options;
      const { forecast } = await calendar();
      show(forecast({ schedule, timezone, after, start, end, n }, Date.now()), options.json ?? false);
    });
}

/** Loaded when it is needed: what other commands begin with should be quick. */
const calendar = () => import('../forecast.ts');

/** What a line says itself. */
const BESIDE_LINES = ['timezone', 'after', 'start', 'end', 'n'];

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1_000) throw new InvalidArgumentError('it is a whole number from 1 to 1000.');
  return number;
}

function show(found: Forecast, asJson: boolean): void {
  if (!found.valid) process.exitCode = 1;
  if (asJson) console.log(JSON.stringify(found));
  else if (!found.valid) console.error(told(found.error));
  else if (found.reason) console.log(`It is never due from then on: ${found.reason}.`);
  else {
    console.log(`${found.description} (${found.timezone})`);
    for (const instant of found.nextRuns) console.log(instant);
    for (const note of found.notes) console.log(`note: ${note}`);
  }
}

/** What is wrong, in one line; a rule may tell of what was received itself. */
function told({ pointer, received, rule, fix, suggestion }: Extract<Forecast, { valid: false }>['error']): string {
  const place = [pointer, received === undefined || rule.includes('received') ? '' : JSON.stringify(received)].filter(Boolean).join(' ');
  return `${place ? `${place}: ` : ''}${rule}; ${fix}.${suggestion ? ` Did you mean "${suggestion}"?` : ''}`;
}

/** Answers one line of JSON with another; a line that is no JSON is answered too. */
async function answerLines(): Promise<void> {
  const { forecast } = await calendar();
  let output = '';
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    output += `${JSON.stringify(answer(number === 1 ? line.replace(/^\uFEFF/, '') : line, number, forecast))}\n`;
    if (output.length > 64_000) {
      await write(output);
      output = '';
    }
  }
  await write(output);
}

function answer(line: string, number: number, forecast: (request: unknown, now: number) => Forecast): object {
  let request: { readonly id?: unknown } | null;
  try {
    request = JSON.parse(line);
  } catch (error) {
    const rule = `a line is JSON, line ${number} is not: ${(error as Error).message}`;
    return { id: null, valid: false, error: { pointer: '', code: 'malformed', rule, fix: 'correct the line' } };
  }
  const found = forecast(request, Date.now());
  return found.valid
    ? { id: request?.id ?? null, valid: true, nextRuns: found.nextRuns, ...(found.reason && { reason: found.reason }) }
    : { id: request?.id ?? null, ...found };
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
