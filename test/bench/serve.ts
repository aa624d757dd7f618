// Serves a checkout of its own with the module `fires`, which appends one line a run to the file FIRES:
// [job, due time, start, "ok"]. For measuring from outside: PORT=8765 FIRES=/tmp/fires.jsonl node local/start.mjs test/bench/serve.ts
// The checkout and its data are kept in the folder DATA between starts, and made anew when it is not there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeProject } from '../support/project.ts';

const FIRES = `import { appendFileSync } from 'node:fs';
import { defineModule } from 'carillon';
export default defineModule({
  description: 'append a line to FIRES',
  run: (_input, { job, dueAt }) => appendFileSync(process.env.FIRES, JSON.stringify([job.id, dueAt.getTime(), Date.now(), 'ok']) + '\\n'),
});`;

const { PORT = '8765', FIRES: fires = '/tmp/fires.jsonl', DATA: data = '/tmp/carillon-bench' } = process.env;
if (!existsSync(data)) {
  const project = await makeProject({ fires: FIRES });
  await mkdir(join(data, '..'), { recursive: true });
  await rename(project.root, data);
}
await writeFile(join(data, '.env'), `FIRES=${fires}\n`);
const host = spawn(process.execPath, ['local/start.mjs', 'local/dev.ts', '--port', PORT], { cwd: data, stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => host.kill(signal));
host.on('exit', (code) => process.exit(code ?? 1));
