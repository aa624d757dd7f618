import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { isProduction } from '../../core/contract/stages.ts';
import { CarillonError, type Client, createClient } from '../http/index.ts';
import { findStage, type Stage } from './find-stage.ts';

/** Which stage is meant. */
export interface StageName {
  readonly local?: boolean | undefined;
  readonly endpoint?: string | undefined;
  readonly stage?: string | undefined;
}

/** What every command that talks to a stage takes. */
export interface StageOptions extends StageName {
  readonly json?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** What has gone wrong, as an exit code; documented in the README. */
export const EXIT = { refused: 1, usage: 2, unreachable: 3 } as const;

/** Adds the options that name a stage, and `--json`. */
export function withStage(command: Command): Command {
  return command
    .addOption(
      new Option('--local', 'the local host: what is meant unless CARILLON_ENDPOINT or CARILLON_STAGE is set').conflicts([
        'endpoint',
        'stage',
      ]),
    )
    .addOption(new Option('--endpoint <url>', 'the API at this address').conflicts('stage'))
    .addOption(new Option('--stage <name>', "a deployed stage of your AWS account and region, by its name: 'prod'"))
    .option('--json', 'print the answer as JSON');
}

/** Of a command that changes something: adds `--yes` too. */
export function withChanges(command: Command): Command {
  return withStage(command).option('--yes', 'do not ask before changing a production stage');
}

/** Does something with a stage's client; what is refused is told of in lines, with its exit code. */
export async function onStage(options: StageName, work: (client: Client, stage: Stage) => Promise<void>): Promise<void> {
  const stage = await findStage(options);
  if ('error' in stage) return fail('usage', stage.error);
  try {
    await work(createClient({ endpoint: stage.endpoint }), stage);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    fail(error.code === 'unreachable' ? 'unreachable' : 'refused', ...linesOf(error, stage));
  }
}

/** As `onStage`; a production stage is changed only after somebody typed its name, or with `--yes`. */
export function changing(options: StageOptions, work: (client: Client, stage: Stage) => Promise<void>): Promise<void> {
  return onStage(options, async (client, stage) => {
    if (await mayChange(stage, options)) await work(client, stage);
  });
}

async function mayChange({ name, endpoint }: Stage, { yes, dryRun }: StageOptions): Promise<boolean> {
  if (yes || dryRun || name === undefined || !isProduction(name)) return true;
  if (!process.stdin.isTTY) {
    fail('usage', `the stage "${name}" is production: add --yes to change it`);
    return false;
  }
  if ((await ask(`This changes production (${endpoint}). Type ${name} to go on: `)) === name) return true;
  fail('refused', 'nothing was changed');
  return false;
}

/** Asks somebody at the terminal. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim();
}

/** Says why it ends. */
export function fail(kind: keyof typeof EXIT, ...[first, ...others]: string[]): undefined {
  console.error(`error: ${first}`);
  for (const line of others) console.error(line);
  process.exitCode = EXIT[kind];
  return undefined;
}

function linesOf({ code, message, errors }: CarillonError, { isLocal }: Stage): string[] {
  if (code === 'noCredentials') return [`${message}; sign in, or set AWS_PROFILE`];
  if (code === 'unreachable') return [`${message}; ${isLocal ? 'is the host running (carillon dev)?' : 'is this the right stage?'}`];
  // The first error is in the message.
  const others = errors.slice(1).map(({ pointer, rule, fix }) => `       ${pointer}: ${rule}; ${fix}`);
  return [`${message} (${code})`, ...others];
}
