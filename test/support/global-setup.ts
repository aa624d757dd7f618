import { fileURLToPath } from 'node:url';
import { writeRegistry } from '../../infra/bundle/registry.ts';

/** Keeps jobs/index.ts up to date for whoever works here; in CI a stale one has to fail its test. */
export default async function setup(): Promise<void> {
  if (!process.env.CI) await writeRegistry(fileURLToPath(new URL('../../jobs', import.meta.url)));
}
