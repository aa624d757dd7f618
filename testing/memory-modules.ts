import * as z from 'zod';
import type { Policies } from '../core/contract/policies.ts';
import type { ModuleDefinition } from '../core/define-module.ts';
import { DEFAULT_RUNNER, type ModuleName } from '../core/ids.ts';
import { manifestFrom } from '../core/job/manifest.ts';
import type { DefaultSchedule, ModuleCatalog, ModuleLoader, ModuleManifest, Random } from '../core/ports.ts';

/** Modules given as objects, both as the API knows them and as the runner loads them. */
export function memoryModules(
  modules: Readonly<Record<string, ModuleDefinition>>,
  schedules: Readonly<Record<string, DefaultSchedule>> = {},
): ModuleCatalog & ModuleLoader {
  const all = new Map(Object.entries(modules));
  // A schema is used again and again by its identity.
  const manifests = new Map<string, ModuleManifest>();
  return {
    names: async () => [...all.keys()] as ModuleName[],
    async find(name) {
      const module = all.get(name);
      if (!module) return undefined;
      const manifest = manifests.get(name) ?? manifestOf(name, module, schedules[name] ?? null);
      manifests.set(name, manifest);
      return manifest;
    },
    load: async (name) => all.get(name),
  };
}

function manifestOf(name: ModuleName, module: ModuleDefinition, defaultSchedule: DefaultSchedule | null): ModuleManifest {
  const { description, policies = {}, runner = DEFAULT_RUNNER, jobs = {} } = module;
  const input = module.input ? (z.toJSONSchema(module.input, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>) : null;
  try {
    return manifestFrom({ name, description, input, policies: policies as Policies, runner, jobs }, defaultSchedule);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Random bytes from a seed (xorshift32), so that a test's ids are the same every time. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return {
    bytes(count) {
      return Uint8Array.from({ length: count }, () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state & 255;
      });
    },
  };
}
