import type { JobUid, RunId } from '../core/ids.ts';
import type { RunRef, RunStore } from '../core/ports.ts';
import { type EndedRun, isEnded, type Lease, type Run } from '../core/run/run.ts';
import type { Instant } from '../core/schedule/schedule.ts';

const isFailure = (run: Run): run is EndedRun => run.state === 'failed' || run.state === 'timedOut';

/** Keeps runs in memory; behaves as the table does (test/contracts/run-store.contract.ts). */
export function memoryRuns(): RunStore {
  const runs = new Map<string, Run>();
  /** The ids of each job's runs, the oldest first. */
  const idsOf = new Map<JobUid, RunId[]>();
  /** What the sparse index has. */
  const attention = new Map<string, Run>();
  const leases = new Map<string, Lease>();
  const locks = new Map<JobUid, RunId>();
  const turns = new Map<JobUid, { readonly owner: string; readonly until: Instant }>();
  const key = (jobUid: JobUid, runId: RunId) => `${jobUid}/${runId}`;
  const keyOf = (run: Run) => key(run.jobUid, run.runId);
  const store = (run: Run) => {
    if (!runs.has(keyOf(run))) {
      const ids = idsOf.get(run.jobUid) ?? [];
      ids.splice(placeOf(ids, run.runId), 0, run.runId);
      idsOf.set(run.jobUid, ids);
    }
    runs.set(keyOf(run), run);
    if ('until' in run || isFailure(run)) attention.set(keyOf(run), run);
    else attention.delete(keyOf(run));
    if (run.state === 'running') leases.set(keyOf(run), run.lease);
  };
  const isHeldBy = (run: Run, lease: Lease) => {
    const held = leases.get(keyOf(run));
    return held?.owner === lease.owner && held.fence === lease.fence;
  };
  const stored = (jobUid: JobUid, runId: RunId | undefined) => (runId === undefined ? undefined : runs.get(key(jobUid, runId)));
  const refs = (chosen: (run: Run) => Instant | undefined, limit: number): RunRef[] =>
    [...attention.values()]
      .flatMap((run) => {
        const at = chosen(run);
        return at === undefined ? [] : [{ jobId: run.jobId, jobUid: run.jobUid, runId: run.runId, at }];
      })
      .sort((a, b) => a.at - b.at)
      .slice(0, limit);
  const isSame = (there: Run | undefined, run: EndedRun) => there?.state === run.state && isEnded(there) && there.endedAt === run.endedAt;

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
    async request(run) {
      if (!runs.has(keyOf(run))) store(run);
    },
    async start(run) {
      const other = runs.get(keyOf(run));
      const waits = other?.state === 'waiting' && other.fence === run.lease.fence - 1;
      if (!waits && !(other?.state === 'running' && isHeldBy(run, run.lease))) return 'gone';
      store(run);
      return 'started';
    },
    async end(run, lease) {
      const other = runs.get(keyOf(run));
      if (!other || !isHeldBy(run, lease)) return 'fenced';
      if (other.state !== 'running') return other.state === run.state ? 'ended' : 'fenced';
      if (run.state === 'waiting' && other.cancelledAt !== null) return 'cancelled';
      store(run);
      return 'ended';
    },
    async endWaiting(run, fence) {
      const other = runs.get(keyOf(run));
      if (other?.state !== 'waiting' || other.fence !== fence) return isSame(other, run) ? 'ended' : 'gone';
      store(run);
      return 'ended';
    },
    async beat(run, record) {
      const other = runs.get(keyOf(run));
      if (other?.state !== 'running' || !isHeldBy(run, run.lease)) return 'fenced';
      store({ ...other, record });
      return other.cancelledAt === null ? 'goOn' : 'cancelled';
    },
    async cancel(jobUid, runId, at) {
      const run = runs.get(key(jobUid, runId));
      if (run?.state !== 'running') return 'gone';
      store({ ...run, cancelledAt: run.cancelledAt ?? at });
      return 'asked';
    },
    async lock({ jobUid, runId }) {
      const holder = locks.get(jobUid) ?? runId;
      if (holder !== runId) return { holder };
      locks.set(jobUid, runId);
      return 'locked';
    },
    async takeLock({ jobUid, runId }, holder) {
      const held = locks.get(jobUid);
      if (held !== undefined && held !== holder && held !== runId) return 'changed';
      locks.set(jobUid, runId);
      return 'locked';
    },
    async unlock({ jobUid, runId }) {
      if (locks.get(jobUid) === runId) locks.delete(jobUid);
    },
    async takeTurn(jobUid, owner, now, until) {
      const turn = turns.get(jobUid);
      if (turn && turn.owner !== owner && turn.until > now) return false;
      turns.set(jobUid, { owner, until });
      return true;
    },
    async endTurn(jobUid, owner) {
      if (turns.get(jobUid)?.owner === owner) turns.delete(jobUid);
    },
    async get(jobUid, runId) {
      return runs.get(key(jobUid, runId));
    },
    async firstFrom(jobUid, runId) {
      const ids = idsOf.get(jobUid) ?? [];
      return stored(jobUid, ids[placeOf(ids, runId)]);
    },
    async lastBefore(jobUid, runId) {
      const ids = idsOf.get(jobUid) ?? [];
      const place = placeOf(ids, runId);
      return stored(jobUid, ids[place] === runId ? runId : ids[place - 1]);
    },
    async list(jobUid, { from, before, limit }) {
      const ids = idsOf.get(jobUid) ?? [];
      const begin = from === undefined ? 0 : placeOf(ids, from);
      const end = before === undefined ? ids.length : placeOf(ids, before);
      const page = ids.slice(Math.max(begin, end - limit), end).reverse();
      return { runs: page.flatMap((id) => stored(jobUid, id) ?? []), more: end - begin > limit };
    },
    async waiting(before, limit) {
      return refs((run) => {
        const at = 'until' in run ? run.until : undefined;
        return at !== undefined && at <= before ? at : undefined;
      }, limit);
    },
    async failed(after, limit) {
      return refs((run) => (isFailure(run) && run.endedAt > after ? run.endedAt : undefined), limit);
    },
    async lastFailed(upTo, limit) {
      const all = refs((run) => (isFailure(run) && run.endedAt <= upTo ? run.endedAt : undefined), Number.POSITIVE_INFINITY);
      return all.reverse().slice(0, limit);
    },
  };
}

/** Where an id is, or would be, among ids of which the oldest comes first: a job may have many thousands. */
function placeOf(ids: readonly RunId[], runId: RunId): number {
  let [low, high] = [0, ids.length];
  // Most are newer than all.
  if (high === 0 || (ids[high - 1] as RunId) < runId) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as RunId) < runId) low = middle + 1;
    else high = middle;
  }
  return low;
}
