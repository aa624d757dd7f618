import { Command } from 'commander';
import { jobId } from '../arguments.ts';
import { print } from '../output.ts';
import { changing, type StageOptions, withChanges } from '../stage.ts';

/** `carillon pause`: no due times until it is resumed. */
export function pauseCommand(): Command {
  return withChanges(new Command('pause'))
    .description('Pause a job: it has no due times until it is resumed')
    .argument('<id>', 'of the job', jobId)
    .option('--reason <text>', 'shown with the job')
    .addHelpText('after', "\nExample:\n  carillon pause nightly --reason 'migration'\n")
    .action((id: string, { reason, ...stage }: StageOptions & { readonly reason?: string }) =>
      changing(stage, async (client) => {
        const job = await client.jobs.pause(id, reason);
        print(stage, job, () => [`${id} is paused`]);
      }),
    );
}

/** `carillon resume` */
export function resumeCommand(): Command {
  return withChanges(new Command('resume'))
    .description('Resume a paused job; what would have been due meanwhile is not made up for')
    .argument('<id>', 'of the job', jobId)
    .addHelpText('after', '\nExample:\n  carillon resume nightly\n')
    .action((id: string, stage: StageOptions) =>
      changing(stage, async (client) => {
        const job = await client.jobs.resume(id);
        print(stage, job, () => [`${id} is active, next run ${job.nextRun ?? '-'}`]);
      }),
    );
}

/** `carillon delete` */
export function deleteCommand(): Command {
  return withChanges(new Command('delete'))
    .description('Delete a job; its runs are shown to nobody any more')
    .argument('<id>', 'of the job', jobId)
    .addHelpText('after', '\nExample:\n  carillon delete nightly\n')
    .action((id: string, stage: StageOptions) =>
      changing(stage, async (client) => {
        await client.jobs.delete(id);
        print(stage, { deleted: id }, () => [`${id} is deleted`]);
      }),
    );
}
