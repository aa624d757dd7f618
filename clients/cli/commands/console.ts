import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { isProduction } from '../../../core/contract/stages.ts';
import { reach } from '../../http/call.ts';
import { findStage, type Stage } from '../find-stage.ts';
import { fail, type StageOptions, withStage } from '../stage.ts';

interface Options extends StageOptions {
  readonly port: string;
  readonly readOnly?: boolean;
}

/** A deployed stage does not tell of its changes: the page looks so often. */
const LOOK_MS = 5_000;

/** `carillon console`: the page, for a stage. */
export function consoleCommand(): Command {
  return withStage(new Command('console'))
    .description('The console of a stage in your browser: served on 127.0.0.1, signed with your own credentials')
    .option('--port <number>', 'where the page is served', '4749')
    .option('--read-only', 'look, and change nothing')
    .addHelpText('after', '\nExample:\n  carillon console --stage prod --read-only\n')
    .action(async (options: Options) => {
      const stage = await findStage(options);
      if ('error' in stage) return fail('usage', stage.error);
      if (stage.isLocal) return tellOfLocal();
      await serve(stage, options);
    });
}

/** `carillon dev` serves its own. */
async function tellOfLocal(): Promise<void> {
  const host = await readFile('.carillon/host.json', 'utf8').catch(() => undefined);
  if (host === undefined) return fail('unreachable', 'no host was started here (carillon dev); for a deployed stage add --stage');
  console.log(`console ${JSON.parse(host).console}`);
}

async function serve({ endpoint, name }: Stage, { port, readOnly = false }: Options): Promise<void> {
  const [{ bundleConsole }, { ConsolePage }, { consoleProxy }, { listen }] = await Promise.all([
    import('../../../infra/bundle/console.ts'),
    import('../../../local/console/page.ts'),
    import('../../../local/console/proxy.ts'),
    import('../../../local/loopback.ts'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-console-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit());
  await bundleConsole(folder);
  const token = randomBytes(16).toString('hex');
  const shown = name ?? new URL(endpoint).host;
  const page = new ConsolePage({
    folder: () => join(folder, 'console'),
    token,
    isStrict: true,
    stage: { name: shown, isProduction: isProduction(shown), readOnly, option: name ? `--stage ${name}` : `--endpoint ${endpoint}` },
  });
  const send = ({
    method,
    path,
    headers,
    body,
  }: {
    method: string;
    path: string;
    headers: Readonly<Record<string, string>>;
    body: string | undefined;
  }) => reach(new URL(path, endpoint), { method, headers, ...(body !== undefined && { body }) });
  const bound = await listen(consoleProxy({ page, readOnly, send }), Number(port)).catch((error: Error) => error);
  if (bound instanceof Error) return fail('usage', `port ${port}: ${bound.message}; choose another with --port`);
  setInterval(() => page.changed(), LOOK_MS);
  console.log(`console http://127.0.0.1:${bound}/?token=${token}`);
  console.log(`It shows ${shown}${readOnly ? ', read only' : ''}; Ctrl-C ends.`);
}
