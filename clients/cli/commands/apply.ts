import { Command } from 'commander';
import { apply, plan, type Step } from '../../apply/plan.ts';
import { print, progress } from '../output.ts';
import { changing, EXIT, fail, onStage, type StageOptions, withChanges, withStage } from '../stage.ts';

interface Options extends StageOptions {
  readonly declared?: boolean;
  readonly set?: string;
}

function withFile(command: Command, on: typeof withStage = withStage): Command {
  return on(command)
    .argument('[file]', 'a JSON file: { "set": "billing", "jobs": { "<id>": { "module": …, "schedule": … } } }')
    .option('--declared', "the jobs that the stage's modules declare, in place of a file")
    .option('--set <name>', "in place of the file's set, or of its name");
}

/** `carillon plan`: what `apply` would do. */
export function planCommand(): Command {
  return withFile(new Command('plan'))
    .description('Show what apply would create, change and delete, with the next runs that change')
    .addHelpText('after', '\nExample:\n  carillon plan jobs.json\n')
    .action((file: string | undefined, options: Options) => bring(file, options, false));
}

/** `carillon apply`: the jobs of a stage as a file or its modules have them. */
export function applyCommand(): Command {
  return withFile(new Command('apply'), withChanges)
    .description("Create, change and delete jobs until they are as a file has them; other jobs than the set's own are left alone")
    .addHelpText('after', '\nExample:\n  carillon apply jobs.json\n')
    .action((file: string | undefined, options: Options) => bring(file, options, true));
}

/** Compares or changes a stage, and tells of each job; the exit code is 1 where something cannot be. */
function bring(file: string | undefined, options: Options, isDone: boolean): Promise<void> {
  const connect = isDone ? changing : onStage;
  return connect(options, async (client) => {
    const { wantedJobs } = await import('../jobs-file.ts');
    const desired = await wantedJobs(client, file, options);
    if ('error' in desired) return fail('usage', desired.error);
    const steps = isDone ? await apply(client, desired, progress('applied')) : await plan(client, desired, progress('compared'));
    printSteps(options, steps, isDone);
  });
}

/** Tells of steps, with the exit code 1 where one was refused. */
export function printSteps(options: StageOptions, steps: readonly Step[], isDone: boolean, lines = linesOfSteps): void {
  print(options, steps, () => lines(steps, isDone));
  if (steps.some(({ is }) => is === 'refused')) process.exitCode = EXIT.refused;
}

const SIGNS = { create: '+', update: '~', delete: '-', refused: '!', same: ' ' } as const;

/** What steps come to, and last how many there are. */
export function linesOfSteps(steps: readonly Step[], isDone: boolean): string[] {
  const told = steps.filter(({ is }) => is !== 'same').map((step) => `${SIGNS[step.is]} ${step.id}${about(step)}`);
  const count = (is: Step['is']) => steps.filter((step) => step.is === is).length;
  const [created, changed, deleted] = isDone ? ['created', 'changed', 'deleted'] : ['to create', 'to change', 'to delete'];
  const sum = `${count('create')} ${created}, ${count('update')} ${changed}, ${count('delete')} ${deleted}, ${count('same')} as they are`;
  return [...told, `${sum}, ${count('refused')} refused`];
}

function about(step: Step): string {
  switch (step.is) {
    case 'create':
      return `: ${step.after.runFrequency}, next run ${step.after.nextRun ?? '-'}`;
    case 'update': {
      const { before, after } = step;
      const next =
        before.nextRun === after.nextRun
          ? ''
          : `; next run ${before.nextRun ?? '-'} becomes ${after.nextRun ?? '-'} (${after.runFrequency})`;
      return `: ${after.changed.join(', ')}${next}`;
    }
    case 'refused':
      return `: ${step.why}`;
    default:
      return '';
  }
}
