import { Command } from 'commander';
import type { Client } from '../../http/index.ts';
import { type Json, jobId, json } from '../arguments.ts';
import { print } from '../output.ts';
import { changing, type StageOptions, withChanges } from '../stage.ts';
import { ended, runLines } from './run-lines.ts';

interface Waiting extends StageOptions {
  readonly wait?: boolean;
}

/** `carillon run`: a job, now. */
export function runCommand(): Command {
  return withChanges(new Command('run'))
    .description('Run a job now; its schedule is left alone')
    .argument('<id>', 'of the job', jobId)
    .option('--input <json>', "in place of the job's own input", json)
    .option('--wait', 'wait for its end; the exit code is 1 unless it succeeded')
    .addHelpText('after', '\nExample:\n  carillon run nightly --wait\n')
    .action((id: string, { input, ...options }: Waiting & { readonly input?: Json }) =>
      changing(options, async (client) => {
        const { runId } = await client.jobs.run(id, input?.value);
        await started(client, id, runId, options);
      }),
    );
}

/** `carillon backfill`: a job, for due times of a span. */
export function backfillCommand(): Command {
  return withChanges(new Command('backfill'))
    .description('Run a job for each due time of a span, past ones too, both ends included; at most 1,000')
    .argument('<id>', 'of the job', jobId)
    .requiredOption('--from <instant>', 'for example 2027-01-04T00:00:00Z')
    .requiredOption('--to <instant>')
    .option('--dry-run', 'show the due times, and run nothing')
    .addHelpText('after', '\nExample:\n  carillon backfill nightly --from 2026-12-28T00:00:00Z --to 2026-12-31T00:00:00Z --dry-run\n')
    .action(
      (
        id: string,
        { from, to, dryRun, ...stage }: StageOptions & { readonly from: string; readonly to: string; readonly dryRun?: boolean },
      ) =>
        changing({ ...stage, dryRun }, async (client) => {
          const runs = await client.jobs.backfill(id, { from, to }, { dryRun });
          const what = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${dryRun ? ' would be asked for' : ' asked for'}`;
          print(stage, runs, () => [...(dryRun ? runs.map(({ dueAt }) => dueAt) : []), what]);
        }),
    );
}

/** `carillon retry`: a run that has ended, again. */
export function retryCommand(): Command {
  return withChanges(new Command('retry'))
    .description('Do a run that has ended again, as a new run')
    .argument('<id>', 'of the job', jobId)
    .argument('<runId>')
    .option('--wait', 'wait for its end; the exit code is 1 unless it succeeded')
    .addHelpText('after', '\nExample:\n  carillon retry nightly 20270101T010000Z --wait\n')
    .action((id: string, runId: string, options: Waiting) =>
      changing(options, async (client) => started(client, id, (await client.runs.retry(id, runId)).runId, options)),
    );
}

/** `carillon cancel`: a run that waits or runs. */
export function cancelCommand(): Command {
  return withChanges(new Command('cancel'))
    .description('Cancel a run: one that waits at once, one that is running within seconds')
    .argument('<id>', 'of the job', jobId)
    .argument('<runId>')
    .addHelpText('after', '\nExample:\n  carillon cancel nightly 20270101T010000Z\n')
    .action((id: string, runId: string, stage: StageOptions) =>
      changing(stage, async (client) => {
        const run = await client.runs.cancel(id, runId);
        print(stage, run, () => [run.state === 'cancelled' ? `${runId} is cancelled` : `${runId} was told to stop`]);
      }),
    );
}

/** Tells of a run that was asked for, or waits for its end. */
async function started(client: Client, id: string, runId: string, { wait, ...stage }: Waiting): Promise<void> {
  if (!wait) return print(stage, { runId }, () => [`${runId} is to start now`]);
  const run = await ended(client, id, runId);
  print(stage, run, () => runLines(run));
  if (run.state !== 'succeeded') process.exitCode = 1;
}
