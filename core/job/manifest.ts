import { type Policies, policies as policiesSchema } from '../contract/policies.ts';
import { isRunnerClass, RUNNER_RULE } from '../ids.ts';
import type { DefaultSchedule, ModuleManifest } from '../ports.ts';
import { effectivePolicies, policiesError } from './policies.ts';

/** What the code of a module says of it; `input` is a JSON Schema. */
export type Described = Omit<ModuleManifest, 'schedule'>;

/** Makes the manifest of a module: the policies in force, and a schema that refuses unknown members. Throws when its policies are wrong. */
export function manifestFrom(described: Described, schedule: DefaultSchedule | null): ModuleManifest {
  const policies = policiesSchema.safeParse(described.policies);
  if (!policies.success) throw new Error(`policies: ${policies.error.issues.map(({ message }) => message).join('; ')}`);
  if (!isRunnerClass(described.runner)) throw new Error(`runner ${JSON.stringify(described.runner)}: ${RUNNER_RULE}`);
  const error = policiesError(policies.data);
  if (error) throw new Error(`${error.pointer} ${JSON.stringify(error.received)}: ${error.rule}; ${error.fix}`);
  return {
    ...described,
    input: described.input && (strict(described.input) as Record<string, unknown>),
    policies: effectivePolicies(policies.data, undefined) as Policies,
    schedule,
  };
}

/** Objects that say nothing about further members refuse them: a misspelt member must not pass unnoticed. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  if (copy.type === 'object' && copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}
