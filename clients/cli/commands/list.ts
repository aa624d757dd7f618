import { Command, Option } from 'commander';
import { JOB_STATES } from '../../../core/contract/queries.ts';
import type { JobQuery } from '../../http/index.ts';
import { count } from '../arguments.ts';
import { first, print, table } from '../output.ts';
import { onStage, type StageOptions, withStage } from '../stage.ts';

interface Options extends StageOptions, JobQuery {
  readonly limit: number;
}

/** `carillon list`: the jobs of a stage. */
export function listCommand(): Command {
  return withStage(new Command('list'))
    .description('List jobs with their schedules and next runs')
    .option('--module <name>', 'only those of a module')
    .option('--tag <tag>', 'only those with a tag')
    .option('--set <name>', 'only those of a set')
    .addOption(new Option('--state <state>', 'only those in a state').choices(JOB_STATES))
    .option('-q, --q <text>', 'only those with a text in id, description, module or a tag')
    .option('--limit <number>', 'so many at most', count, 100)
    .addHelpText('after', '\nExample:\n  carillon list --state active --limit 20\n')
    .action(({ limit, module, tag, set, state, q, ...stage }: Options) =>
      onStage(stage, async (client) => {
        const found = await first(client.jobs.list({ module, tag, set, state, q }), limit + 1);
        const jobs = found.slice(0, limit);
        if (found.length > limit) console.error(`there are more than these ${limit}: --limit ${limit * 10}`);
        const rows = jobs.map((job) => [job.id, job.module, job.problem ?? job.state, job.runFrequency, job.nextRun ?? '-']);
        print(stage, jobs, () => table('jobs', ['ID', 'MODULE', 'STATE', 'SCHEDULE', 'NEXT RUN'], rows));
      }),
    );
}
