import { CommanderError } from 'commander';
import { program } from './program.ts';
import { EXIT } from './stage.ts';

// Whoever reads may stop early (`| head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
try {
  await program().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // It has been said.
  process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
}
