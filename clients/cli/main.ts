import { Command } from 'commander';
import { holdCommand, releaseCommand } from './commands/hold.ts';
import { nextCommand } from './commands/next.ts';
import { schedulerCommand } from './commands/scheduler.ts';

/** The command line: `npm run -s carillon -- <command>` in a clone. */
const program = new Command('carillon')
  .description('Schedule jobs, and see when they run')
  .showHelpAfterError()
  .addCommand(nextCommand())
  .addCommand(holdCommand())
  .addCommand(releaseCommand())
  .addCommand(schedulerCommand());

// Whoever reads may stop early (`| head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();
