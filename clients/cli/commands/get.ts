import { Command } from 'commander';
import type { JobAnswer } from '../../../core/contract/answers.ts';
import { jobId } from '../arguments.ts';
import { print } from '../output.ts';
import { onStage, type StageOptions, withStage } from '../stage.ts';

/** `carillon get`: one job. */
export function getCommand(): Command {
  return withStage(new Command('get'))
    .description('Show one job: its schedule, next runs, last run, input and policies')
    .argument('<id>', 'of the job', jobId)
    .addHelpText('after', '\nExample:\n  carillon get nightly\n')
    .action((id: string, stage: StageOptions) =>
      onStage(stage, async (client) => {
        const job = await client.jobs.get(id);
        print(stage, job, () => jobLines(job));
      }),
    );
}

/** A job as a person reads it. */
export function jobLines(job: JobAnswer): string[] {
  const { policies } = job;
  const rows: readonly (readonly [string, string | null])[] = [
    ['module', job.module],
    ['state', job.paused ? `paused by ${job.paused.by}${job.paused.reason ? `: ${job.paused.reason}` : ''}` : job.state],
    ['problem', job.problem && `${job.problem}: ${job.problemDetail ?? ''}`],
    [
      'schedule',
      `${job.runFrequency} (${typeof job.schedule === 'string' ? job.schedule : JSON.stringify(job.schedule)}, ${job.timezone})`,
    ],
    ['between', job.start || job.end ? `${job.start ?? '…'} and ${job.end ?? '…'}` : null],
    ['next runs', job.nextRuns.join(', ') || '-'],
    ['note', job.notes.join(' ') || null],
    ['last run', job.lastRun && `${job.lastRun.runId} ${job.lastRun.state}`],
    ['input', job.input === null ? null : JSON.stringify(job.input)],
    ['policies', `timeout ${policies.timeout}, attempts ${policies.retry.maxAttempts}, overlap ${policies.overlap}`],
    ['cost', `${job.cost.runsPerMonth} runs a month, about USD ${job.cost.usdPerMonth}, at ${job.cost.durationMs} ms each`],
    ['description', job.description],
    ['set', job.set],
    ['tags', job.tags.join(', ') || null],
    ['revision', `${job.rev}, ${job.updatedAt}${job.updatedBy ? ` by ${job.updatedBy}` : ''}`],
  ];
  return [job.id, ...rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}${value}`]))];
}
