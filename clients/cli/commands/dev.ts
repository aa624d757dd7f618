import { Command } from 'commander';

/** `carillon dev`: everything, on this machine. */
export function devCommand(): Command {
  return new Command('dev')
    .description('Run everything on this machine, firing for real: the API, the scheduler, the runner and the table')
    .option('--port <number>', 'where the API listens on 127.0.0.1', '4747')
    .option('--data <folder>', 'where jobs and runs are kept', '.carillon')
    .option('--iam', 'the API asks for requests signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as a deployed one does')
    .addHelpText('after', '\nExample:\n  carillon dev --port 4747\n')
    .action(async ({ port, data }: { readonly port: string; readonly data: string }) => {
      process.argv.splice(2, Infinity, '--port', port, '--data', data);
      await import('../../../local/dev.ts');
    });
}
