import { readFile } from 'node:fs/promises';
import { policies } from '../core/contract/policies.ts';
import { defaultSchedule } from '../core/contract/schedule-fields.ts';
import type { ModuleName } from '../core/ids.ts';
import type { ModuleCatalog, ModuleManifest } from '../core/ports.ts';
import * as z from '../core/zod.ts';
import { stored } from './attributes.ts';

const manifest = z.object({
  name: stored<ModuleName>(),
  description: z.string(),
  input: z.nullable(z.record(z.string(), z.unknown())),
  policies,
  runner: z.string(),
  schedule: z.nullable(defaultSchedule),
  jobs: z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((jobs) => jobs as ModuleManifest['jobs']),
  ),
});

/** Reads the manifests that the build put beside the handler, one small file a module, each at most once. */
export function bundledModules(folder: URL): ModuleCatalog {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(new URL(file, folder), 'utf8'));
  let names: readonly ModuleName[] | undefined;
  const manifests = new Map<ModuleName, ModuleManifest>();
  const allNames = async () => {
    names ??= z.array(z.string()).parse(await read('modules.json')) as ModuleName[];
    return names;
  };
  return {
    names: allNames,
    async find(name) {
      if (!(await allNames()).includes(name)) return undefined;
      const known = manifests.get(name) ?? manifest.parse(await read(`modules/${name}.json`));
      manifests.set(name, known);
      return known;
    },
  };
}
