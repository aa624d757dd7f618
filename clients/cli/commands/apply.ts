import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { declaredJobs } from '../../apply/declared.ts';
import { apply, type Desired, plan, type Step, type Tell } from '../../apply/plan.ts';
import type { Client } from '../../http/index.ts';
import { onStage, print, type StageOptions, withStage } from '../stage.ts';

interface Options extends StageOptions {
  readonly declared?: boolean;
  readonly set?: string;
}

const fileSchema = z.strictObject({ set: z.string().optional(), jobs: z.record(z.string(), z.record(z.string(), z.unknown())) });

function withFile(command: Command): Command {
  return withStage(command)
    .argument('[file]', 'a JSON file: { "set": "billing", "jobs": { "<id>": { "module": …, "schedule": … } } }')
    .option('--declared', "the jobs that the stage's modules declare, in place of a file")
    .option('--set <name>', "in place of the file's set, or of its name");
}

/** `carillon plan`: what `apply` would do. */
export function planCommand(): Command {
  return withFile(new Command('plan'))
    .description('Show what apply would create, change and delete, with the next runs that change')
    .addHelpText('after', '\nExample:\n  carillon plan jobs.json\n')
    .action((file: string | undefined, options: Options) =>
      planned(file, options, async (_client, _desired, steps) => print(options, steps, () => linesOf(steps))),
    );
}

/** `carillon apply`: the jobs of a stage as a file or its modules have them. */
export function applyCommand(): Command {
  return withFile(new Command('apply'))
    .description("Create, change and delete jobs until they are as a file has them; other jobs than the set's own are left alone")
    .addHelpText('after', '\nExample:\n  carillon apply jobs.json\n')
    .action((file: string | undefined, options: Options) =>
      planned(file, options, async (client, desired, steps) => {
        const applied = await apply(client, desired, steps, progress('applied'));
        const failed = applied.flatMap(({ step, error }) => (error ? [`! ${step.id}: ${error.message}`] : []));
        print(options, applied, () => [...linesOf(steps), ...failed]);
        if (failed.length > 0) process.exitCode = 1;
      }),
    );
}

/** Compares a stage with what is asked for; the exit code is 1 where something of it cannot be. */
function planned(
  file: string | undefined,
  options: Options,
  work: (client: Client, desired: Desired, steps: readonly Step[]) => Promise<void>,
): Promise<void> {
  return onStage(options, async (client) => {
    const desired = await read(client, file, options);
    if (!desired) return;
    const steps = await plan(client, desired, progress('compared'));
    await work(client, desired, steps);
    if (steps.some(({ is }) => is === 'refused')) process.exitCode = 1;
  });
}

async function read(client: Client, file: string | undefined, { declared, set }: Options): Promise<Desired | undefined> {
  if (declared) return declaredJobs(client);
  const refuse = (why: string) => {
    console.error(`error: ${why}`);
    process.exitCode = 1;
    return undefined;
  };
  if (file === undefined) return refuse('name a file of jobs, or --declared');
  const text = await readFile(file, 'utf8').catch((error: Error) => error);
  if (text instanceof Error) return refuse(`${file} cannot be read: ${text.message}`);
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return refuse(`${file}: ${z.prettifyError(parsed.error)}`);
    return { set: set ?? parsed.data.set ?? basename(file).replace(/\.json$/, ''), jobs: parsed.data.jobs };
  } catch (error) {
    return refuse(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

const SIGNS = { create: '+', update: '~', delete: '-', refused: '!', same: ' ' } as const;

function linesOf(steps: readonly Step[]): string[] {
  const told = steps.filter(({ is }) => is !== 'same').map((step) => `${SIGNS[step.is]} ${step.id}${about(step)}`);
  const count = (is: Step['is']) => steps.filter((step) => step.is === is).length;
  return [
    ...told,
    `${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete, ${count('same')} as they are, ${count('refused')} refused`,
  ];
}

function about(step: Step): string {
  switch (step.is) {
    case 'create':
      return `: ${step.after.runFrequency}, next run ${step.after.nextRun ?? '-'}`;
    case 'update': {
      const { before, after } = step;
      return before.nextRun === after.nextRun
        ? ''
        : `: next run ${before.nextRun ?? '-'} becomes ${after.nextRun ?? '-'} (${after.runFrequency})`;
    }
    case 'refused':
      return `: ${step.why}`;
    default:
      return '';
  }
}

/** A line that tells how far it is, where somebody looks. */
function progress(what: string): Tell {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, of) => {
    const filled = Math.round((done / of) * 30);
    process.stderr.write(`\r[${'#'.repeat(filled).padEnd(30)}] ${done} of ${of} ${what}${done === of ? '\n' : ''}`);
  };
}
