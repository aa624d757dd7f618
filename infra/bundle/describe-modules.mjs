// Reads [[module, built file], …] from stdin and prints the modules' manifests as the last line of stdout.
// It is plain JavaScript because it runs the built files exactly as Lambda would, with no loader beside them.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';

const files = JSON.parse(await new Response(process.stdin).text());
const manifests = [];
let current;
// Importing a module may end the process, or wait for ever: say which one it was.
process.on('exit', () => {
  if (current) console.error(`jobs/${current}/index.ts: importing it does not come to an end`);
});
for (const [name, file] of files) {
  current = name;
  try {
    manifests.push(manifest(name, (await import(pathToFileURL(resolve(file)))).default));
  } catch (error) {
    current = undefined;
    console.error(`jobs/${name}/index.ts: ${error.message}`);
    process.exit(1);
  }
}
current = undefined;
process.stdout.write(`\n${JSON.stringify(manifests)}`, () => process.exit(0));

function manifest(name, module) {
  if (typeof module?.run !== 'function' || typeof module.description !== 'string') {
    throw new Error('the default export is not defineModule({ description, run })');
  }
  if (module.input && !module.input._zod) throw new Error('input is not a schema of zod, version 4: z.object({ … })');
  const input = module.input ? z.toJSONSchema(module.input, { io: 'input', unrepresentable: 'any' }) : null;
  return {
    name,
    description: module.description,
    input,
    policies: { ...module.policies },
    runner: module.runner ?? 'default',
    jobs: { ...module.jobs },
  };
}
