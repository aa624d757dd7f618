import type { Job } from '../job/job.ts';
import { type EffectivePolicies, effectivePolicies } from '../job/policies.ts';
import type { ModuleCatalog, ModuleLoader } from '../ports.ts';

/** The policies in force for a job. */
export type PoliciesOf = (job: Job) => Promise<EffectivePolicies>;

/** As the module's manifest has them. */
export function policiesByManifest(catalog: Pick<ModuleCatalog, 'find'>): PoliciesOf {
  return async (job) => effectivePolicies(job.policies, (await catalog.find(job.module))?.policies);
}

/** As the module's code has them. */
export function policiesByModule(modules: ModuleLoader): PoliciesOf {
  return async (job) => effectivePolicies(job.policies, (await modules.load(job.module).catch(() => undefined))?.policies);
}
