import { Command } from 'commander';
import type { JobAnswer, JobRowAnswer, ModuleAnswer } from '../../../core/contract/answers.ts';
import { sameJson } from '../../../core/contract/json.ts';
import { progress } from '../output.ts';
import { onStage, type StageOptions, withStage } from '../stage.ts';

interface Options extends StageOptions {
  readonly set?: string;
}

/** `carillon export`: the jobs of a stage as a file that `apply` takes. */
export function exportCommand(): Command {
  return withStage(new Command('export'))
    .description('Print the jobs of a stage as the file that `carillon apply` takes; secret members of inputs stay masked')
    .option('--set <name>', 'only the jobs of a set, under its name (else all that no module declares, for another stage)')
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
        for (const line of lossOf(wanted)) console.error(line);
        console.log(JSON.stringify({ ...(set !== undefined && { set }), jobs }, null, 2));
      }),
    );
}

/** What a file of jobs does not keep. */
function lossOf(jobs: readonly JobRowAnswer[]): string[] {
  const told = (found: readonly JobRowAnswer[], what: string) =>
    found.length === 0 ? [] : [`note: ${what}: ${found.map(({ id }) => id).join(', ')}`];
  return [
    ...told(
      jobs.filter(({ paused }) => paused),
      'active where they are applied, though paused here',
    ),
    ...told(
      jobs.filter(({ expression, start, state }) => expression.startsWith('rate') && start === null && state === 'active'),
      'counted from when they are applied',
    ),
    ...told(
      jobs.filter(({ state }) => state === 'completed'),
      'refused where they are applied, since nothing more is due',
    ),
  ];
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
  return Object.fromEntries(names.flatMap((name) => (sameJson(own[name], module?.[name]) ? [] : [[name, own[name]]])));
}
