import type { ModuleDefinition } from '../define-module.ts';
import type { ModuleLoader } from '../ports.ts';

/** Loads modules from a registry of lazy imports; a Map, so that no name reaches an object's prototype. */
export function moduleLoader(registry: Readonly<Record<string, () => Promise<{ default: unknown }>>>): ModuleLoader {
  const imports = new Map(Object.entries(registry));
  return {
    async load(name) {
      return (await imports.get(name)?.())?.default as ModuleDefinition | undefined;
    },
  };
}
