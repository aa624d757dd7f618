import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { apply, plan, type Step } from '../../apply/plan.ts';
import type { Client } from '../../http/index.ts';
import type { Imported } from '../../import/imported.ts';
import type { forecast } from '../forecast.ts';
import { progress } from '../output.ts';
import { ask, changing, EXIT, fail, type StageOptions, withChanges } from '../stage.ts';
import { linesOfSteps, printSteps } from './apply.ts';

interface Options extends StageOptions {
  readonly module?: string;
  readonly timezone: string;
  readonly set?: string;
  readonly system?: boolean;
  readonly dryRun?: boolean;
}

const PREVIEWED = 3;

/** `carillon import`: the jobs of another scheduler. */
export function importCommand(): Command {
  return withChanges(new Command('import'))
    .description('Take the jobs of a crontab or of APScheduler over: shows each with its next runs, and asks before it writes')
    .addArgument(new Argument('<kind>', 'what the file is').choices(['crontab', 'apscheduler']))
    .argument('<file>', 'the crontab, or JSON of APScheduler jobs')
    .option('--module <name>', 'the module that all of them run (by default each the one of its own id)')
    .option('--timezone <zone>', 'the zone of the machine the crontab is of', 'UTC')
    .option('--set <name>', "the set that they are kept in, in place of the file's name")
    .option('--system', 'the crontab has a user before the command (files of /etc always do)')
    .option('--dry-run', 'show what would come of it, and change nothing')
    .addHelpText('after', '\nExample:\n  carillon import crontab /etc/cron.d/e2scrub_all --timezone Europe/Berlin --dry-run\n')
    .action((kind: string, file: string, options: Options) => importFile(kind, file, options));
}

async function importFile(kind: string, file: string, options: Options): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: Error) => error);
  if (text instanceof Error) return fail('usage', `${file} cannot be read: ${text.message}`);
  await changing(options, async (client) => {
    const imported = await (kind === 'crontab' ? crontab(client, file, text, options) : apscheduler(file, text, options));
    if (!imported) return;
    const set = options.set ?? basename(file).replace(/\.json$/, '');
    const jobs = Object.fromEntries(imported.flatMap(({ id, job }) => (job ? [[id, job]] : [])));
    const steps = await plan(client, { set, jobs }, progress('compared'));
    if (!options.json) {
      const { forecast } = await import('../forecast.ts');
      for (const one of imported) for (const line of previewed(one, steps, forecast)) console.log(line);
      for (const { is, id } of steps) if (is === 'delete') console.log(`- ${id} is deleted: it is of the set "${set}", and not in ${file}`);
    }
    const isWritten = !options.dryRun && (await isWanted(steps, options));
    printSteps(options, isWritten ? await apply(client, { set, jobs }, progress('imported')) : steps, isWritten, lastLines);
    if (imported.some(({ job }) => job === undefined)) process.exitCode = EXIT.refused;
  });
}

/** What was refused, and how many there are: the rest was shown. */
function lastLines(steps: readonly Step[], isDone: boolean): string[] {
  return linesOfSteps(steps, isDone).filter((line, n, lines) => line.startsWith('!') || n === lines.length - 1);
}

async function crontab(client: Client, file: string, text: string, { system, timezone, module }: Options): Promise<Imported[]> {
  const modules = new Map((await client.modules.list()).map(({ name, input }) => [name, input]));
  const takesCommand = (name: string) => 'command' in ((modules.get(name)?.properties as object | undefined) ?? {});
  const { readCrontab } = await import('../../import/crontab.ts');
  return readCrontab(text, { hasUser: system ?? resolve(file).startsWith('/etc/'), timezone, module, takesCommand });
}

async function apscheduler(file: string, text: string, { module, timezone }: Options): Promise<Imported[] | undefined> {
  const { readApscheduler } = await import('../../import/apscheduler.ts');
  try {
    return readApscheduler(JSON.parse(text), { module, timezone });
  } catch (error) {
    return fail('usage', `${file} is no list of APScheduler jobs: ${error instanceof Error ? error.message : error}`);
  }
}

/** What a job was, and what it is to be. */
function previewed({ from, was, id, job, notes }: Imported, steps: readonly Step[], when: typeof forecast): string[] {
  if (!job) return [`${from}  ${was}`, ...notes.map((note) => `  ! ${note}`)];
  const { schedule, timezone, start, end, module } = job;
  const next = when({ schedule, timezone, start: start ?? undefined, end: end ?? undefined, n: PREVIEWED }, Date.now());
  const due = next.valid
    ? `${next.description ?? next.reason} (${timezone}): ${next.nextRuns.join(', ') || 'never'}`
    : `${next.error.rule}; ${next.error.fix}`;
  const step = steps.find((one) => one.id === id);
  return [
    `${from}  ${was}`,
    `  ${id} runs ${module}: ${due}`,
    ...notes.map((note) => `  note: ${note}`),
    ...(step?.is === 'refused' ? [`  ! ${step.why}`] : []),
  ];
}

/** Whether it is to be written: without a terminal `--yes` says so. */
async function isWanted(steps: readonly Step[], { yes }: Options): Promise<boolean> {
  const changes = steps.filter(({ is }) => is !== 'same' && is !== 'refused').length;
  if (changes === 0) return false;
  if (yes) return true;
  if (!process.stdin.isTTY) {
    fail('usage', 'nothing was written: add --yes to write it');
    return false;
  }
  return /^y(es)?$/i.test(await ask(`Write ${changes} ${changes === 1 ? 'change' : 'changes'}? [y/N] `));
}
