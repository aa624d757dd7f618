import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// Deploys a stage, and then brings the jobs that its modules declare in line: `npm run deploy -- [--stage dev] [-- options of cdk deploy]`.
const { values, positionals } = parseArgs({ options: { stage: { type: 'string', default: 'dev' } }, allowPositionals: true });
const { stage } = values;
run('node_modules/aws-cdk/bin/cdk', 'deploy', '-c', `stage=${stage}`, ...positionals);
// Whoever deploys to production has said so.
run('clients/cli/carillon.mjs', 'apply', '--declared', '--stage', stage, '--yes');

function run(file: string, ...options: string[]): void {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
