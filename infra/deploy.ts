import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledModules } from '../aws/bundled-modules.ts';
import { findStage } from '../clients/cli/find-stage.ts';
import { createClient } from '../clients/http/index.ts';
import { breakingJobs } from './breaking-jobs.ts';
import { bundleApart } from './bundle/index.ts';
import { stagePropsOrEnd } from './stage-config.ts';
import { STAGES } from './stages.ts';

// Deploys a stage, unless that would break jobs of it, and then brings the jobs that its modules declare in line:
// `npm run deploy -- [--stage dev] [--break] [-- options of cdk deploy]`; with `--check` it only looks.
const { values, positionals } = parseArgs({
  options: {
    stage: { type: 'string', default: 'dev' },
    break: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { stage } = values;
const config = stagePropsOrEnd(STAGES, stage);
if (!config.alarms && !config.isDisposable) console.log(`stage ${stage} has no alarms: say in infra/stages.ts who hears of them`);
const stops = await whatStops();
for (const what of stops) console.log(what);
if (values.check) process.exit(stops.length > 0 ? 1 : 0);
if (stops.length > 0 && !values.break) {
  console.log('nothing was deployed: mend that, or deploy all the same with --break');
  process.exit(1);
}
run('node_modules/aws-cdk/bin/cdk', 'deploy', '-c', `stage=${stage}`, ...positionals);
// Whoever deploys to production has said so.
run('clients/cli/carillon.mjs', 'apply', '--declared', '--stage', stage, '--yes');

/** The jobs that would break; or why that cannot be told, which is no reason to go on. */
async function whatStops(): Promise<string[]> {
  const found = await findStage({ stage });
  if ('error' in found && found.isAbsent) {
    console.log(`there is no stage ${stage} yet, and no job of it`);
    return [];
  }
  if ('error' in found) return [found.error];
  const bundles = await bundleApart(process.cwd());
  const modules = bundledModules(pathToFileURL(`${bundles.folder}/api/manifest/`));
  try {
    const broken = await breakingJobs(createClient(found), modules);
    if (broken.length === 0) console.log('no job of the stage would break');
    return broken.map(({ id, why }) => `would break  ${id}: ${why}`);
  } catch (error) {
    return [`the jobs of the stage could not be looked at: ${error instanceof Error ? error.message : error}`];
  } finally {
    await bundles.remove();
  }
}

function run(file: string, ...options: string[]): void {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const env = { CDK_VALIDATION: 'true', ...process.env };
  const { status } = spawnSync(process.execPath, [path, ...options], { env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
