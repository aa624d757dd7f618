import type { JobUid, RunId } from '../core/ids.ts';
import { runIdOf } from '../core/ids.ts';
import type { RunStore } from '../core/ports.ts';
import type { Lease, Run } from '../core/run/run.ts';
import type { Instant } from '../core/schedule/schedule.ts';

/** Keeps runs in memory; behaves as the table does (test/contracts/run-store.contract.ts). */
export function memoryRuns(): RunStore {
  const runs = new Map<string, Run>();
  const leases = new Map<string, Lease>();
  let accountedTo: Instant | undefined;
  const key = (jobUid: JobUid, runId: RunId) => `${jobUid}/${runId}`;
  const keyOf = (run: Run) => key(run.jobUid, run.runId);
  const store = (run: Run) => {
    runs.set(keyOf(run), structuredClone(run));
    if (run.state === 'running') leases.set(keyOf(run), run.lease);
  };
  const isHeldBy = (run: Run, lease: Lease) => {
    const held = leases.get(keyOf(run));
    return held?.owner === lease.owner && held.fence === lease.fence;
  };
  return {
    async claim(run) {
      const other = runs.get(keyOf(run));
      if (other && !(other.state === 'running' && isHeldBy(run, run.lease))) return 'exists';
      store(run);
      return 'claimed';
    },
    async record(run) {
      if (runs.has(keyOf(run))) return 'exists';
      store(run);
      return 'recorded';
    },
    async isMissed(jobUid, dueAt) {
      const [next] = [...runs.values()]
        .filter((run) => run.jobUid === jobUid && run.runId >= runIdOf(dueAt))
        .sort((a, b) => (a.runId < b.runId ? -1 : 1));
      return next?.state === 'missed' && next.missed.from <= dueAt;
    },
    async accountedTo() {
      return accountedTo;
    },
    async setAccountedTo(instant) {
      accountedTo = instant;
    },
    async request(run) {
      if (!runs.has(keyOf(run))) store(run);
    },
    async withdraw(jobUid, runId) {
      if (runs.get(key(jobUid, runId))?.state === 'waiting') runs.delete(key(jobUid, runId));
    },
    async start(run) {
      const other = runs.get(keyOf(run));
      if (other?.state !== 'waiting' && !(other?.state === 'running' && isHeldBy(run, run.lease))) return 'gone';
      store(run);
      return 'started';
    },
    async finish(run, lease) {
      const other = runs.get(keyOf(run));
      if (!other || !isHeldBy(run, lease) || (other.state !== 'running' && other.state !== run.state)) return 'fenced';
      if (other.state === 'running') store(run);
      return 'finished';
    },
    async get(jobUid, runId) {
      return structuredClone(runs.get(key(jobUid, runId)));
    },
    async list(jobUid, { before, limit }) {
      const rest = [...runs.values()]
        .filter((run) => run.jobUid === jobUid && (before === undefined || run.runId < before))
        .sort((a, b) => (a.runId < b.runId ? 1 : -1));
      return { runs: rest.slice(0, limit), more: rest.length > limit };
    },
    async waiting(before, limit) {
      return [...runs.values()]
        .filter((run) => run.state === 'waiting' && run.dueAt <= before)
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map(({ jobId, jobUid, runId }) => ({ jobId, jobUid, runId }));
    },
  };
}
