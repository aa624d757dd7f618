import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledModules } from '../aws/bundled-modules.ts';
import { findStage } from '../clients/cli/find-stage.ts';
import { createClient } from '../clients/http/index.ts';
import { breakingJobs } from './breaking-jobs.ts';
import { bundle } from './bundle/index.ts';

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
await check();
if (values.check) process.exit(0);
run('node_modules/aws-cdk/bin/cdk', 'deploy', '-c', `stage=${stage}`, ...positionals);
// Whoever deploys to production has said so.
run('clients/cli/carillon.mjs', 'apply', '--declared', '--stage', stage, '--yes');

/** Says which jobs would break, and ends there unless that was asked for. */
async function check(): Promise<void> {
  await bundle(process.cwd(), 'dist');
  const found = await findStage({ stage });
  if ('error' in found) return console.log(`no job was checked: ${found.error}`);
  const broken = await breakingJobs(createClient(found), bundledModules(pathToFileURL('dist/api/manifest/')));
  for (const { id, why } of broken) console.log(`would break  ${id}: ${why}`);
  if (broken.length === 0) return console.log('no job of the stage would break');
  if (values.break || values.check) return;
  console.log(
    `nothing was deployed: change or delete ${broken.length === 1 ? 'that job' : 'those jobs'}, or deploy all the same with --break`,
  );
  process.exit(1);
}

function run(file: string, ...options: string[]): void {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
