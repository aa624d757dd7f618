import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Builds } from '../../local/builds.ts';
import { projectBuilds } from '../../local/host.ts';
import { makeProject } from '../support/project.ts';

/** What was changed a moment before a build could have been changed during it. */
const settle = () => delay(50);

describe('a start with a build of before', () => {
  const module = (says: string) =>
    `import { defineModule } from 'carillon'; export default defineModule({ description: '${says}', run() {} });`;
  let project: Awaited<ReturnType<typeof makeProject>>;
  let folder: string;
  beforeAll(async () => {
    project = await makeProject({ mine: module('first') });
    folder = join(project.root, '.carillon/build');
    await start();
  });
  afterAll(() => project.remove());

  const path = (file: string) => join(project.root, file);
  const manifest = async (name: string) => JSON.parse(await readFile(join(folder, `1/api/manifest/modules/${name}.json`), 'utf8'));

  /** Says whether a start built anew; a file that no build makes is gone if it did. */
  async function start(): Promise<'built' | 'kept'> {
    const mark = join(folder, '1/mark');
    await mkdir(join(folder, '1'), { recursive: true });
    await writeFile(mark, '');
    await settle();
    await projectBuilds(project.root, folder, Date.now()).first();
    return readFile(mark).then(
      () => 'kept',
      () => 'built',
    );
  }

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, unknown]>([
    [
      'module file',
      () => writeFile(path('jobs/mine/index.ts'), module('other')),
      async () => (await manifest('mine')).description,
      'other',
    ],
    [
      'new module folder',
      async () => {
        await mkdir(path('jobs/fresh'));
        await writeFile(path('jobs/fresh/index.ts'), module('fresh'));
      },
      async () => (await manifest('fresh')).description,
      'fresh',
    ],
    [
      'new .schedule',
      () => writeFile(path('jobs/mine/.schedule'), 'Often\nseconds=30\n'),
      async () => (await manifest('mine')).schedule.title,
      'Often',
    ],
    [
      'changed .schedule',
      () => writeFile(path('jobs/mine/.schedule'), 'Never\nseconds=30\n'),
      async () => (await manifest('mine')).schedule.title,
      'Never',
    ],
    ['removed module folder', () => rm(path('jobs/fresh'), { recursive: true }), () => manifest('fresh').catch(() => 'gone'), 'gone'],
    ['new lock file', () => writeFile(path('package-lock.json'), '{}'), async () => 'built', 'built'],
  ])('builds after a %s and not again after that', async (_change, change, seen, expected) => {
    await change();
    expect(await start()).toBe('built');
    expect(await seen()).toBe(expected);
    expect(await start()).toBe('kept');
  });

  it("is of Carillon's own code too: the domain, the adapters, the page, and the builder itself", async () => {
    const { sources } = JSON.parse(await readFile(join(folder, '1/made-from.json'), 'utf8'));
    const carillon = fileURLToPath(new URL('../..', import.meta.url));
    for (const file of ['core/ids.ts', 'aws/table.ts', 'functions/api/handler.ts', 'clients/console/main.css', 'infra/bundle/index.ts'])
      expect(sources, file).toHaveProperty([join(carillon, file)]);
  });
});

describe('what a build was made from', () => {
  const roots: string[] = [];
  afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

  /** Sources of a module and of all functions, and builds that copy them. */
  async function sources(onBuild: () => Promise<unknown> = async () => undefined) {
    const root = await mkdtemp(join(tmpdir(), 'carillon-builds-'));
    roots.push(root);
    const [jobs, folder, core, job] = [join(root, 'jobs'), join(root, 'build'), join(root, 'core'), join(root, 'jobs/job')];
    await mkdir(jobs);
    for (const file of [core, job]) await writeFile(file, 'x');
    await settle();
    let built = 0;
    const builds = () =>
      new Builds({
        jobs,
        folder,
        since: Date.now(),
        async buildInto(into) {
          built += 1;
          await mkdir(into, { recursive: true });
          await writeFile(join(into, 'handler'), await readFile(job));
          await onBuild();
          return [core, jobs, job];
        },
      });
    const start = async () => {
      const before = built;
      const first = await builds().first();
      return { folder: first, isNew: built > before };
    };
    return { core, job, folder, builds, start };
  }

  it('is not known when a source changes during the build, nor when the note or a built file is damaged', async () => {
    let onBuild = async () => undefined as unknown;
    const { job, folder, start } = await sources(() => onBuild());
    onBuild = () => writeFile(job, 'y');
    expect((await start()).isNew).toBe(true);
    onBuild = async () => undefined;
    await settle();
    expect((await start()).isNew).toBe(true);
    expect((await start()).isNew).toBe(false);
    for (const damage of ['{"node":', '{}', '']) {
      await writeFile(join(folder, '1/made-from.json'), damage);
      expect((await start()).isNew).toBe(true);
      expect((await start()).isNew).toBe(false);
    }
    await writeFile(join(folder, '1/handler'), '');
    expect((await start()).isNew).toBe(true);
  });

  it('is known of a build that followed a change in jobs/, unless something else changed before it', async () => {
    const { core, job, folder, builds, start } = await sources();
    const changeWhileItRuns = async (files: string[]) => {
      const running = builds();
      await running.first();
      let built: (folder: string) => void = () => undefined;
      const next = new Promise<string>((resolve) => {
        built = resolve;
      });
      const stop = await running.watch({ built, failed: (reason) => expect.fail(reason) });
      for (const file of files) await writeFile(file, `${Math.random()}`);
      const last = await next;
      await stop();
      return last;
    };
    const second = await changeWhileItRuns([job]);
    expect(second).toBe(join(folder, '2'));
    expect(await start()).toEqual({ folder: second, isNew: false });
    await changeWhileItRuns([core, job]);
    expect(await start()).toEqual({ folder: join(folder, '1'), isNew: true });
  });
});
