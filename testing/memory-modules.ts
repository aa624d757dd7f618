import * as z from 'zod';
import type { ModuleDefinition } from '../core/define-module.ts';
import type { ModuleName } from '../core/ids.ts';
import type { DefaultSchedule, ModuleCatalog, ModuleLoader, Random } from '../core/ports.ts';

/** Modules given as objects, both as the API knows them and as the runner loads them. */
export function memoryModules(
  modules: Readonly<Record<string, ModuleDefinition>>,
  schedules: Readonly<Record<string, DefaultSchedule>> = {},
): ModuleCatalog & ModuleLoader {
  const all = new Map(Object.entries(modules));
  return {
    names: async () => [...all.keys()] as ModuleName[],
    async find(name) {
      const module = all.get(name);
      if (!module) return undefined;
      const input = module.input
        ? (z.toJSONSchema(module.input, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>)
        : null;
      return {
        name,
        description: module.description,
        input,
        policies: module.policies ?? {},
        schedule: schedules[name] ?? null,
        jobs: module.jobs ?? {},
      };
    },
    load: async (name) => all.get(name),
  };
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
