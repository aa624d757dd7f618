import { program } from 'commander';
import { DevHost, freePort, makeProject } from '../support/project.ts';
import { whole } from '../support/whole.ts';
import { fuzz } from './run.ts';

const { requests, seed } = program
  .name('npm run fuzz --')
  .description('Sends a local host requests made of the OpenAPI document; ends with its figures, and with 1 on a fault')
  .option('--requests <n>', 'how many', whole, 20_000)
  .option('--seed <n>', 'of what is drawn', whole, 1)
  .parse()
  .opts<{ requests: number; seed: number }>();
const project = await makeProject({ counter: module('counter'), filed: module('filed') });
const host = new DevHost(project.root, await freePort(), [], 'node');
await host.prints(/^ready /m);
const began = performance.now();
const figures = await fuzz(
  host.url,
  requests,
  seed,
  (done) => void (process.stderr.isTTY && process.stderr.write(`\r${done} of ${requests} `)),
);
const seconds = (performance.now() - began) / 1_000;
await host.end('SIGTERM');
await project.remove();

for (const fault of figures.faults.slice(0, 20)) console.log(fault);
for (const [status, count] of Object.entries(figures.statuses)) console.log(`${status}  ${count}`);
console.log(
  `${requests} requests and ${figures.raw} connections of bytes, seed ${seed}, in ${Math.round(seconds)} s: ${figures.faults.length} faults (5xx, undocumented, or no answer)`,
);
process.exitCode = figures.faults.length > 0 ? 1 : 0;

function module(name: string): string {
  return `import { defineModule } from 'carillon';
import * as z from 'zod';
export default defineModule({ description: '${name}', input: z.object({ name: z.string().optional() }), run: () => undefined });`;
}
