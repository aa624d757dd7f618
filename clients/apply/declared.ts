import { CODE_SET } from '../../core/contract/bodies.ts';
import type { Client } from '../http/index.ts';
import { apply, type Desired, type Step } from './plan.ts';

/** The jobs that the modules of a deployment declare, as their manifests have them. */
export async function declaredJobs(client: Client): Promise<Desired> {
  const jobs: Record<string, object> = {};
  for (const { name, jobs: declared } of await client.modules.list())
    for (const [id, job] of Object.entries(declared)) jobs[id] = { ...(job as object), module: name };
  return { set: CODE_SET, jobs };
}

/** Brings the declared jobs of a stage in line with its modules; what was done or refused. */
export async function applyDeclared(client: Client): Promise<readonly Step[]> {
  return (await apply(client, await declaredJobs(client))).filter(({ is }) => is !== 'same');
}
