import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atMost, median, type Section } from './figures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SYNTHS = 5;

/** What a developer waits for: the tests, and a template. */
export async function checks(): Promise<Section> {
  const synths = Array.from({ length: SYNTHS }, () => seconds(process.execPath, ['node_modules/aws-cdk/bin/cdk', 'synth', '-q']));
  const tests = seconds('npm', ['test']);
  return {
    figures: [
      { what: '`npx cdk synth -q`', value: median(synths), unit: 's', budget: atMost(6) },
      { what: '`npm test`', value: tests, unit: 's', budget: atMost(300) },
    ],
  };
}

function seconds(command: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${(stdout + stderr).slice(-2_000)}`);
  return (performance.now() - began) / 1_000;
}
