import type { Client } from '../clients/http/index.ts';
import { MASK } from '../core/contract/mask.ts';
import type { ModuleName } from '../core/ids.ts';
import { checkInput } from '../core/job/check-input.ts';
import type { ModuleCatalog } from '../core/ports.ts';

/** A job that would not run as it should with other modules, and why. */
export interface BreakingJob {
  readonly id: string;
  readonly why: string;
}

/**
 * The jobs of a stage whose module would be gone, or take their input no more, if these modules were deployed; those that are broken
 * already are not among them. Jobs are read one by one only where the schema of their module changes.
 */
export async function breakingJobs(client: Client, catalog: ModuleCatalog): Promise<BreakingJob[]> {
  const before = new Map<string, string>();
  for (const { name, input } of await client.modules.list()) before.set(name, JSON.stringify(input));
  const found: BreakingJob[] = [];
  for await (const job of client.jobs.list()) {
    const module = await catalog.find(job.module as ModuleName);
    if (!module) {
      if (job.problem !== 'unknownModule') found.push({ id: job.id, why: `its module ${job.module} would be gone` });
      continue;
    }
    if (JSON.stringify(module.input) === before.get(job.module)) continue;
    const { input, problem } = await client.jobs.get(job.id);
    const checked = await checkInput(input ?? undefined, module, '/input', inPlaceOfSecrets(input));
    if (!checked.ok && problem === null) found.push({ id: job.id, why: checked.refusal.detail });
  }
  return found;
}

/** What a secret is, nobody is told: something else stands for it. */
function inPlaceOfSecrets(value: unknown): unknown {
  if (value === MASK) return 'a secret that is stored';
  if (Array.isArray(value)) return value.map(inPlaceOfSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inPlaceOfSecrets(member)]));
}
