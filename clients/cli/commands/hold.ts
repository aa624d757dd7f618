import { Command } from 'commander';
import { type Answer, call } from '../../http/call.ts';
import { CarillonError } from '../../http/problem.ts';

interface Options {
  readonly url: string;
  readonly reason?: string;
}

const LOCAL = 'http://127.0.0.1:4747';
const URL_OPTION = [
  '--url <url>',
  'the API: of the local host, or the output ApiUrl of a deployed stage',
  process.env.CARILLON_URL ?? LOCAL,
] as const;

/** `carillon hold`: nothing of a stage is started until it is released. */
export function holdCommand(): Command {
  return new Command('hold')
    .description('Hold a stage: what is due is recorded as skipped (held), the API stays up, runs under way go on')
    .option(...URL_OPTION)
    .option('--reason <text>', 'shown with every run that is skipped')
    .addHelpText('after', "\nExample:\n  carillon hold --reason 'database migration'\n")
    .action(async ({ url, reason }: Options) => {
      const answer = await asked(url, '/v1/hold', { ...(reason !== undefined && { reason }) });
      if (answer) console.log(`held since ${answer.json.held.since}: nothing is started until \`carillon release\``);
    });
}

/** `carillon release`: goes on after a hold. */
export function releaseCommand(): Command {
  return new Command('release')
    .description('Release a stage that is held; what was skipped is not made up for')
    .option(...URL_OPTION)
    .action(async ({ url }: Options) => {
      if (await asked(url, '/v1/release', {})) console.log('released');
    });
}

async function asked(url: string, path: string, body: object): Promise<Answer | undefined> {
  try {
    return await call({ url, attempts: 1 }, { method: 'POST', path, body });
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    const isAnswer = error.code !== 'unreachable';
    const hint = '; is it the URL of a running host or a deployed stage (--url)?';
    console.error(isAnswer ? `${url} answered ${error.status}: ${error.message}` : `${error.message}${hint}`);
    process.exitCode = 1;
    return undefined;
  }
}
