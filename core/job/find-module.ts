import type { Result } from '../contract/problems.ts';
import { refusedFor, success } from '../contract/problems.ts';
import { parseModuleName } from '../ids.ts';
import type { ModuleCatalog, ModuleManifest } from '../ports.ts';

/** The manifest of the module of that name; `pointer` is the member that named it. */
export async function findModule(catalog: ModuleCatalog, received: string, pointer: string): Promise<Result<ModuleManifest>> {
  const name = parseModuleName(received);
  const manifest = name && (await catalog.find(name));
  if (manifest) return success(manifest);
  return refusedFor({
    pointer,
    code: 'unknownModule',
    received,
    rule: 'a module is a folder in jobs/',
    fix: 'send as module one of GET /v1/modules',
    candidates: await catalog.names(),
  });
}
