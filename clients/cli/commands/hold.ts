import { Command } from 'commander';
import { onStage, print, type StageOptions, withStage } from '../stage.ts';

/** `carillon hold`: nothing of a stage is started until it is released. */
export function holdCommand(): Command {
  return withStage(new Command('hold'))
    .description('Hold a stage: what is due is recorded as skipped (held), the API stays up, runs under way go on')
    .option('--reason <text>', 'shown with every run that is skipped')
    .addHelpText('after', "\nExample:\n  carillon hold --reason 'database migration'\n")
    .action(({ reason, ...stage }: StageOptions & { readonly reason?: string }) =>
      onStage(stage, async (client) => {
        const answer = await client.hold(reason);
        print(stage, answer, () => [`held since ${answer.held?.since}: nothing is started until \`carillon release\``]);
      }),
    );
}

/** `carillon release`: goes on after a hold. */
export function releaseCommand(): Command {
  return withStage(new Command('release'))
    .description('Release a stage that is held; what was skipped is not made up for')
    .addHelpText('after', '\nExample:\n  carillon release\n')
    .action((stage: StageOptions) =>
      onStage(stage, async (client) => {
        const answer = await client.release();
        print(stage, answer, () => ['released']);
      }),
    );
}
