import { Command, Option } from 'commander';
import type { RunAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { runsQuery } from '../../../core/contract/queries.ts';
import { count, jobId } from '../arguments.ts';
import { first, milliseconds, print, table } from '../output.ts';
import { fail, onStage, type StageOptions, withStage } from '../stage.ts';

/** `carillon runs`: of a job, or what failed of all. */
export function runsCommand(): Command {
  return withStage(new Command('runs'))
    .description("List a job's runs, the newest first; without an id what failed of all jobs")
    .argument('[id]', 'of the job', jobId)
    .addOption(new Option('--state <state>', 'only those in a state').choices(runsQuery.state))
    .option('--limit <number>', 'so many at most', count, 20)
    .addHelpText('after', '\nExample:\n  carillon runs nightly --limit 5\n')
    .action(
      (
        id: string | undefined,
        { state, limit, ...stage }: StageOptions & { readonly state?: RunAnswer['state']; readonly limit: number },
      ) =>
        onStage(stage, async (client) => {
          const ofAll = id === undefined;
          if (ofAll && state !== undefined && state !== 'failed')
            return fail('usage', 'across jobs only failed runs are listed: name a job');
          const list: AsyncIterable<RunSummaryAnswer & { readonly jobId?: string }> = ofAll
            ? client.runs.failed()
            : client.runs.list(id, { state });
          const runs = await first(list, limit);
          const rows = runs.map((run) => [
            ...(ofAll ? [run.jobId ?? ''] : []),
            run.runId,
            run.state,
            run.trigger,
            run.dueAt,
            milliseconds(run.latenessMs),
            milliseconds(run.durationMs),
            run.error?.message.split('\n')[0] ?? run.message ?? run.reason ?? '',
          ]);
          print(stage, runs, () =>
            table('runs', [...(ofAll ? ['JOB'] : []), 'RUN', 'STATE', 'TRIGGER', 'DUE', 'LATE', 'TOOK', 'WHY'], rows),
          );
        }),
    );
}
