import { Command } from 'commander';
import type { JobAnswer, JobRowAnswer, ModuleAnswer } from '../../../core/contract/answers.ts';
import { progress } from '../output.ts';
import { onStage, type StageOptions, withStage } from '../stage.ts';

interface Options extends StageOptions {
  readonly set?: string;
}

/** `carillon export`: the jobs of a stage as a file that `apply` takes. */
export function exportCommand(): Command {
  return withStage(new Command('export'))
    .description('Print the jobs of a stage as the file that `carillon apply` takes; secret members of inputs stay masked')
    .option('--set <name>', 'only the jobs of a set (else all that no module declares), under that name')
    .addHelpText('after', '\nExample:\n  carillon export > jobs.json\n')
    .action(({ set, ...stage }: Options) =>
      onStage(stage, async (client) => {
        const modules = new Map((await client.modules.list()).map((module) => [module.name, module]));
        const wanted: JobRowAnswer[] = [];
        for await (const row of client.jobs.list({ set })) if (set !== undefined || row.source === 'api') wanted.push(row);
        const tell = progress('read');
        const jobs: Record<string, object> = {};
        for (const [index, { id }] of wanted.entries()) {
          jobs[id] = definitionOf(await client.jobs.get(id), modules);
          tell(index + 1, wanted.length);
        }
        console.log(JSON.stringify({ set: set ?? 'exported', jobs }, null, 2));
      }),
    );
}

/** What was sent to make a job; a member that has its default is left out. */
function definitionOf(job: JobAnswer, modules: ReadonlyMap<string, ModuleAnswer>): object {
  const { module, schedule, timezone, start, end, input, description, tags, policies } = job;
  const own = differing(policies, modules.get(module)?.policies);
  return {
    module,
    schedule,
    ...(timezone !== 'UTC' && { timezone }),
    ...(start !== null && { start }),
    ...(end !== null && { end }),
    ...(input !== null && { input }),
    ...(Object.keys(own).length > 0 && { policies: own }),
    ...(description !== null && { description }),
    ...(tags.length > 0 && { tags }),
  };
}

/** The policies that are not the module's. */
function differing(own: JobAnswer['policies'], module: JobAnswer['policies'] | undefined): object {
  const names = Object.keys(own) as (keyof JobAnswer['policies'])[];
  return Object.fromEntries(
    names.flatMap((name) => (JSON.stringify(own[name]) === JSON.stringify(module?.[name]) ? [] : [[name, own[name]]])),
  );
}
