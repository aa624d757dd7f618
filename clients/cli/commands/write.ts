import { Command } from 'commander';
import type { JobAnswer } from '../../../core/contract/answers.ts';
import type { Client, WriteOptions } from '../../http/index.ts';
import { collected, type Json, jobId, json, schedule } from '../arguments.ts';
import { print } from '../output.ts';
import { changing, type StageOptions, withChanges } from '../stage.ts';
import { jobLines } from './get.ts';

/** The members of a job as options. */
interface Definition {
  readonly module?: string;
  readonly schedule?: unknown;
  readonly fromFile?: boolean;
  readonly timezone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly input?: Json;
  readonly policies?: Json;
  readonly description?: string;
  readonly tag?: readonly string[];
}

interface Options extends StageOptions, Definition {
  readonly dryRun?: boolean;
}

function withDefinition(command: Command): Command {
  return withChanges(command)
    .option('--module <name>', 'the module it runs (of a new job: by default the one of its id)')
    .option(
      '--schedule <expression>',
      "when: 'cron(0 8 * * ? *)', '0 8 * * 1-5', 'rate(10 minutes)', 'at(2027-01-05T09:00:00)', or fields as JSON",
      schedule,
    )
    .option('--from-file', "the schedule of the module's .schedule file")
    .option('--timezone <zone>', 'an IANA name, for example Europe/Berlin')
    .option('--start <instant>', 'not before')
    .option('--end <instant>', 'not after')
    .option('--input <json>', 'what the module is given', json)
    .option('--policies <json>', 'for example \'{"retry":{"maxAttempts":3}}\'', json)
    .option('--description <text>')
    .option('--tag <tag>', 'a tag; given again for each; an empty one for none', collected)
    .option('--dry-run', 'show what would come of it, and change nothing');
}

/** `carillon create`: a new job. */
export function createCommand(): Command {
  return withDefinition(new Command('create'))
    .description('Create a job')
    .argument('<id>', 'of the job', jobId)
    .addHelpText('after', "\nExample:\n  carillon create nightly --module noop --schedule 'cron(0 2 * * ? *)' --timezone Europe/Berlin\n")
    .action((id: string, options: Options) =>
      written(options, (client, body, how) => client.jobs.create({ module: id, ...body, id } as never, how)),
    );
}

/** `carillon update`: other members of a job. */
export function updateCommand(): Command {
  return withDefinition(new Command('update'))
    .description('Change some members of a job; the others stay')
    .argument('<id>', 'of the job', jobId)
    .addHelpText('after', "\nExample:\n  carillon update nightly --schedule 'cron(30 2 * * ? *)' --dry-run\n")
    .action((id: string, options: Options) => written(options, (client, body, how) => client.jobs.patch(id, body as never, how)));
}

/** Writes the job that options describe, and shows it. */
function written(
  { local, endpoint, stage, yes, json, dryRun, tag, input, policies, ...texts }: Options,
  write: (client: Client, body: object, how: WriteOptions) => Promise<JobAnswer>,
): Promise<void> {
  return changing({ local, endpoint, stage, yes, dryRun }, async (client) => {
    const job = await write(client, bodyOf({ texts, tag, input, policies }), { dryRun });
    print({ json }, job, () => jobLines(job));
  });
}

/** The members that were given; an empty text takes one back. */
function bodyOf({
  texts,
  tag,
  input,
  policies,
}: {
  readonly texts: object;
  readonly tag: readonly string[] | undefined;
  readonly input: Json | undefined;
  readonly policies: Json | undefined;
}): object {
  const members = Object.entries(texts).map(([name, value]) => [name, value === '' ? null : value]);
  return {
    ...Object.fromEntries(members),
    ...(tag && { tags: tag }),
    ...(input && { input: input.value }),
    ...(policies && { policies: policies.value }),
  };
}
