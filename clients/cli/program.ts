import { Command } from 'commander';
import { applyCommand, planCommand } from './commands/apply.ts';
import { getCommand } from './commands/get.ts';
import { holdCommand, releaseCommand } from './commands/hold.ts';
import { listCommand } from './commands/list.ts';
import { nextCommand } from './commands/next.ts';
import { backfillCommand, logsCommand, runCommand, runsCommand } from './commands/runs.ts';
import { schedulerCommand } from './commands/scheduler.ts';
import { deleteCommand, pauseCommand, resumeCommand } from './commands/switch.ts';
import { createCommand, updateCommand } from './commands/write.ts';

/** The command line: `npm run -s carillon -- <command>` in a clone. */
export function program(): Command {
  return new Command('carillon')
    .description('Schedule jobs, and see when they run')
    .showHelpAfterError()
    .addCommand(listCommand())
    .addCommand(getCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(runCommand())
    .addCommand(backfillCommand())
    .addCommand(runsCommand())
    .addCommand(logsCommand())
    .addCommand(deleteCommand())
    .addCommand(planCommand())
    .addCommand(applyCommand())
    .addCommand(nextCommand())
    .addCommand(holdCommand())
    .addCommand(releaseCommand())
    .addCommand(schedulerCommand());
}
