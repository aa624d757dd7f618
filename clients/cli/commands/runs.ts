import { Command, Option } from 'commander';
import type { RunAnswer, RunSummaryAnswer } from '../../../core/contract/answers.ts';
import { runsQuery } from '../../../core/contract/queries.ts';
import type { Client } from '../../http/index.ts';
import { count, first, json, onStage, print, type StageOptions, table, withStage } from '../stage.ts';

/** How often a run that is waited for is looked at. */
const EVERY_MS = 500;

/** `carillon run`: a job, now. */
export function runCommand(): Command {
  return withStage(new Command('run'))
    .description('Run a job now; its schedule is left alone')
    .argument('<id>')
    .option('--input <json>', "in place of the job's own input", json)
    .option('--wait', 'wait for its end; the exit code is 1 unless it succeeded')
    .addHelpText('after', '\nExample:\n  carillon run nightly --wait\n')
    .action((id: string, { input, wait, ...stage }: StageOptions & { readonly input?: unknown; readonly wait?: boolean }) =>
      onStage(stage, async (client) => {
        const { runId } = await client.jobs.run(id, input);
        if (!wait) return print(stage, { runId }, () => [`${runId} is to start now`]);
        const run = await ended(client, id, runId);
        print(stage, run, () => runLines(run));
        if (run.state !== 'succeeded') process.exitCode = 1;
      }),
    );
}

/** `carillon backfill`: a job, for due times of a span. */
export function backfillCommand(): Command {
  return withStage(new Command('backfill'))
    .description('Run a job for each due time of a span, past ones too, both ends included; at most 1,000')
    .argument('<id>')
    .requiredOption('--from <instant>', 'for example 2027-01-04T00:00:00Z')
    .requiredOption('--to <instant>')
    .option('--dry-run', 'show the due times, and run nothing')
    .addHelpText('after', '\nExample:\n  carillon backfill nightly --from 2026-12-28T00:00:00Z --to 2026-12-31T00:00:00Z --dry-run\n')
    .action(
      (
        id: string,
        { from, to, dryRun, ...stage }: StageOptions & { readonly from: string; readonly to: string; readonly dryRun?: boolean },
      ) =>
        onStage(stage, async (client) => {
          const runs = await client.jobs.backfill(id, { from, to }, { dryRun });
          const what = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${dryRun ? ' would be asked for' : ' asked for'}`;
          print(stage, runs, () => [...(dryRun ? runs.map(({ dueAt }) => dueAt) : []), what]);
        }),
    );
}

/** `carillon runs`: of a job, or what failed of all. */
export function runsCommand(): Command {
  return withStage(new Command('runs'))
    .description("List a job's runs, the newest first; without an id what failed of all jobs")
    .argument('[id]')
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
          const list: AsyncIterable<RunSummaryAnswer & { readonly jobId?: string }> = ofAll
            ? client.runs.failed()
            : client.runs.list(id, { state });
          const runs = await first(list, limit);
          const rows = runs.map((run) => [
            ...(ofAll ? [run.jobId ?? ''] : []),
            run.runId,
            run.state,
            run.trigger,
            milliseconds(run.latenessMs),
            milliseconds(run.durationMs),
            run.error?.message.split('\n')[0] ?? run.message ?? run.reason ?? '',
          ]);
          print(stage, runs, () => table('runs', [...(ofAll ? ['JOB'] : []), 'RUN', 'STATE', 'TRIGGER', 'LATE', 'TOOK', 'WHY'], rows));
        }),
    );
}

/** `carillon logs`: of a run, or of the newest of a job. */
export function logsCommand(): Command {
  return withStage(new Command('logs'))
    .description('Show the log of a run: by default of the newest of the job')
    .argument('<id>')
    .argument('[runId]')
    .addHelpText('after', '\nExample:\n  carillon logs nightly\n')
    .action((id: string, runId: string | undefined, stage: StageOptions) =>
      onStage(stage, async (client) => {
        const newest = runId ?? (await client.runs.list(id).next()).value?.runId;
        if (newest === undefined) return print(stage, [], () => [`${id} has not run yet`]);
        const run = await client.runs.get(id, newest);
        print(stage, run.log, () => runLines(run));
      }),
    );
}

async function ended(client: Client, id: string, runId: string): Promise<RunAnswer> {
  for (;;) {
    const run = await client.runs.get(id, runId);
    if (run.endedAt !== null) return run;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

function runLines(run: RunAnswer): string[] {
  const { error } = run;
  return [
    `${run.jobId} ${run.runId} ${run.state}${run.reason ? ` (${run.reason})` : ''}, took ${milliseconds(run.durationMs)}`,
    ...(run.logDropped > 0 ? [`  (${run.logDropped} lines before are not kept)`] : []),
    ...run.log.map(
      ({ at, level, message, fields }) =>
        `  ${at.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`,
    ),
    ...(run.output === null || run.output === undefined ? [] : [`  output ${JSON.stringify(run.output)}`]),
    ...(error ? [`  ${error.stack ?? `${error.name}: ${error.message}`}`] : []),
  ];
}

function milliseconds(ms: number | null): string {
  return ms === null ? '-' : ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`;
}
