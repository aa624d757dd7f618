import { Command } from 'commander';
import { sleep } from '../../http/call.ts';
import type { Client } from '../../http/index.ts';
import { jobId } from '../arguments.ts';
import { print } from '../output.ts';
import { onStage, type StageOptions, withStage } from '../stage.ts';
import { EVERY_MS, logLine, runLines } from './run-lines.ts';

interface Options extends StageOptions {
  readonly follow?: boolean;
}

/** `carillon logs`: of a run, or of the newest of a job. */
export function logsCommand(): Command {
  return withStage(new Command('logs'))
    .description('Show the log of a run: by default of the newest of the job')
    .argument('<id>', 'of the job', jobId)
    .argument('[runId]')
    .option('-f, --follow', 'go on with what comes, until the run has ended (lines come every 5 s); with --json a line of JSON each')
    .addHelpText('after', '\nExample:\n  carillon logs nightly --follow\n')
    .action((id: string, runId: string | undefined, { follow: isFollowed, ...stage }: Options) =>
      onStage(stage, async (client) => {
        let newest = runId ?? (await newestOf(client, id));
        if (newest === undefined && isFollowed) console.error(`${id} has not run yet; waiting`);
        while (newest === undefined && isFollowed) {
          await sleep(EVERY_MS);
          newest = await newestOf(client, id);
        }
        if (newest === undefined) return print(stage, [], () => [`${id} has not run yet`]);
        if (isFollowed) return follow(client, id, newest, stage);
        const run = await client.runs.get(id, newest);
        print(stage, run.log, () => runLines(run));
      }),
    );
}

async function newestOf(client: Client, id: string): Promise<string | undefined> {
  return (await client.runs.list(id).next()).value?.runId;
}

async function follow(client: Client, id: string, runId: string, stage: StageOptions): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const log = await client.runs.log(id, runId, after);
    if (log.dropped > 0 && !stage.json) console.log(`  (${log.dropped} lines are not kept)`);
    for (const line of log.lines) print(stage, line, () => [logLine(line)]);
    after = log.after;
    if (log.state !== 'running' && log.state !== 'waiting') break;
    await sleep(EVERY_MS);
  }
  if (stage.json) return;
  // The lines are out already.
  for (const line of runLines({ ...(await client.runs.get(id, runId)), log: [], logDropped: 0 })) console.log(line);
}
