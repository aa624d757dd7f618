import type { ApiPorts } from './routes.ts';

/** Says whether the API can reach its table, and which time zone data it computes with. */
export async function health({ jobs, clock }: ApiPorts) {
  const since = clock.now();
  const oldestPending = await jobs.pending(since - 120_000, 1);
  return {
    status: 'ok',
    tzdata: process.versions.tz ?? 'unknown',
    /** Whether a change has waited for EventBridge for more than two minutes. */
    changesAreStuck: oldestPending.length > 0,
  };
}
