import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { applyCommand, planCommand } from './commands/apply.ts';
import { completionCommand } from './commands/completion.ts';
import { consoleCommand } from './commands/console.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { getCommand } from './commands/get.ts';
import { holdCommand, releaseCommand } from './commands/hold.ts';
import { importCommand } from './commands/import.ts';
import { listCommand } from './commands/list.ts';
import { logsCommand } from './commands/logs.ts';
import { newCommand } from './commands/new.ts';
import { nextCommand } from './commands/next.ts';
import { runsCommand } from './commands/runs.ts';
import { schedulerCommand } from './commands/scheduler.ts';
import { backfillCommand, cancelCommand, retryCommand, runCommand } from './commands/start.ts';
import { deleteCommand, pauseCommand, resumeCommand } from './commands/switch.ts';
import { createCommand, updateCommand } from './commands/write.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The command line: `npm run -s carillon -- <command>` in a clone. */
export function program(): Command {
  const all = new Command('carillon')
    .description('Schedule jobs, and see when they run')
    .version(version)
    .showHelpAfterError('(--help lists the commands)')
    .addCommand(devCommand())
    .addCommand(newCommand())
    .addCommand(listCommand())
    .addCommand(getCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(runCommand())
    .addCommand(retryCommand())
    .addCommand(cancelCommand())
    .addCommand(backfillCommand())
    .addCommand(runsCommand())
    .addCommand(logsCommand())
    .addCommand(deleteCommand())
    .addCommand(planCommand())
    .addCommand(applyCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(nextCommand())
    .addCommand(holdCommand())
    .addCommand(releaseCommand())
    .addCommand(consoleCommand())
    .addCommand(doctorCommand())
    .addCommand(schedulerCommand());
  all.addCommand(completionCommand(all));
  for (const command of all.commands) command.exitOverride().showHelpAfterError('(--help shows what it takes)');
  return all.exitOverride();
}
