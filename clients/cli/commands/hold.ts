import { Command } from 'commander';
import { print } from '../output.ts';
import { changing, type StageOptions, withChanges } from '../stage.ts';

/** `carillon hold`: nothing of a stage is started until it is released. */
export function holdCommand(): Command {
  return withChanges(new Command('hold'))
    .description('Hold a stage: what is due is recorded as skipped (held), the API stays up, runs under way go on')
    .option('--reason <text>', 'shown with every run that is skipped')
    .addHelpText('after', "\nExample:\n  carillon hold --reason 'database migration'\n")
    .action(({ reason, ...stage }: StageOptions & { readonly reason?: string }) =>
      changing(stage, async (client) => {
        const answer = await client.hold(reason);
        print(stage, answer, () => [
          `held since ${answer.held?.since}: from five seconds on nothing is started until \`carillon release\``,
        ]);
      }),
    );
}

/** `carillon release`: goes on after a hold. */
export function releaseCommand(): Command {
  return withChanges(new Command('release'))
    .description('Release a stage that is held; what was skipped is not made up for')
    .addHelpText('after', '\nExample:\n  carillon release\n')
    .action((stage: StageOptions) =>
      changing(stage, async (client) => {
        const answer = await client.release();
        print(stage, answer, () => ['released']);
      }),
    );
}
