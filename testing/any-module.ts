import type * as z from 'zod';
import type { ModuleDefinition, ModulePolicies, RunContext } from '../core/define-module.ts';

/** A module, whatever input it takes. */
export interface AnyModule {
  readonly description: string;
  readonly input?: z.ZodType | undefined;
  readonly policies?: ModulePolicies;
  run(input: never, context: RunContext): unknown;
}

/** The input of a module as a job has it: what its schema reads. */
export type InputOf<Module extends AnyModule> = [NonNullable<Module['input']>] extends [never]
  ? undefined
  : z.input<NonNullable<Module['input']>>;

/** The module as the runner takes it, which reads the input before it hands it over. */
export function definitionOf(module: AnyModule): ModuleDefinition {
  return module as unknown as ModuleDefinition;
}
