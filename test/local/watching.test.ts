import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Builds } from '../../local/builds.ts';

it('does not build for the sake of a test beside a module', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-builds-'));
  const jobs = join(folder, 'jobs');
  await mkdir(join(jobs, 'fresh'), { recursive: true });
  const builds = new Builds({
    jobs,
    folder: join(folder, 'out'),
    since: 0,
    buildInto: (into) => mkdir(into, { recursive: true }).then(() => []),
  });
  await builds.first();
  let count = 0;
  let told = () => {};
  const built = new Promise<void>((resolve) => {
    told = resolve;
  });
  const stop = await builds.watch({
    built() {
      count += 1;
      told();
    },
    failed: (reason) => expect.unreachable(reason),
  });
  await writeFile(join(jobs, 'fresh', 'fresh.test.ts'), 'it(');
  // Many times as long as an editor is waited for.
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(count).toBe(0);
  await writeFile(join(jobs, 'fresh', 'index.ts'), '');
  await built;
  await stop();
  await rm(folder, { recursive: true, force: true });
});
