import type { ModuleDefinition } from '../define-module.ts';
import type { ModuleName, RunId } from '../ids.ts';
import type { Job } from '../job/job.ts';
import { type EffectivePolicies, effectivePolicies, milliseconds } from '../job/policies.ts';
import type { Clock, JobStore, ModuleLoader, Queue, Random, StageSwitch } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { conclude, NOTHING_SAID, store } from './conclude.ts';
import { takeLock } from './lock.ts';
import { type CrashWatch, type PerformPorts, perform } from './perform.ts';
import { keptUntil } from './reasons.ts';
import { jittered } from './retry.ts';
import { type EndedRun, keyOf, type RunningRun, type UnstartedRun, type WaitingRun } from './run.ts';

export interface RunnerPorts extends Omit<PerformPorts, 'crashed'> {
  readonly crash: CrashWatch;
  readonly random: Random;
  readonly jobs: JobStore;
  readonly queue: Queue;
  readonly stage: StageSwitch;
  readonly aliveSince: Instant;
  readonly modules: ModuleLoader;
  /** Whether a module is for this runner: after a deploy that gave it another class, what was on its way comes here. */
  isOurs(module: ModuleName): boolean;
  /** Told that a module's code is still at it although its run is over: the process must not be used again. */
  bodyLives(): void;
}

/** The invocation of the runner that a run executes in. */
export interface Invocation {
  /** Unique to the invocation: the lease's owner. */
  readonly id: string;
  /** When the runner itself is killed. */
  readonly deadline: Instant;
  /** Whether other deliveries are likely to wait behind this one. */
  readonly othersWait?: boolean;
}

/** A lease outlives the invocation, so that nobody takes over a run whose body may still be alive. */
const LEASE_MARGIN = 30_000;
/** How long a run that is caught up with waits before it asks for the lock again. */
const TURN_PAUSE = 30_000;
/** A module's code is imported within this. */
const LONGEST_IMPORT = 60_000;
/** What an invocation keeps of its time to record how the run ended. */
const RECORD_TIME = 30_000;

/** The running run that an invocation makes of a waiting one, or of an occurrence that nobody has claimed. */
export function runningFrom(
  clock: Clock,
  waiting: Omit<WaitingRun, 'state' | 'reason' | 'until'> & { readonly until?: Instant },
  invocation: Invocation,
): RunningRun {
  return {
    ...keyOf(waiting),
    ...(waiting.until !== undefined && { until: waiting.until }),
    state: 'running',
    attempt: waiting.attempt + 1,
    attempts: waiting.attempts,
    startedAt: clock.now(),
    late: waiting.late,
    locked: waiting.locked,
    lease: { owner: invocation.id, fence: waiting.fence + 1, expiresAt: invocation.deadline + LEASE_MARGIN },
    cancelledAt: null,
    record: null,
  };
}

/**
 * Executes a run that this invocation has claimed or started, and records what came of it.
 *
 * Returns the run as it then stands; undefined when it was no longer this invocation's to write.
 */
export async function execute(
  ports: RunnerPorts,
  job: Job,
  claimed: RunningRun,
  invocation: Invocation,
): Promise<EndedRun | WaitingRun | undefined> {
  const watched = new AbortController();
  const crashed = ports.crash(watched.signal);
  // Whatever else becomes of the run, a process with something broken in it is not used again.
  void crashed.then(() => ports.bodyLives());
  try {
    const module = await load(ports, job, crashed);
    const policies = effectivePolicies(job.policies, module instanceof Error ? undefined : module?.policies);
    const kept = { ...claimed, keptUntil: keptUntil(claimed.startedAt, policies) };
    const wantsLock = !claimed.locked && policies.overlap === 'skip' && module !== undefined;
    if (wantsLock) {
      const lock = await takeLock(ports, job, kept);
      if (lock.is === 'held') return await giveWay(ports, kept, lock.by, policies);
    }
    const run = { ...kept, locked: claimed.locked || wantsLock };
    const deadline = Math.min(run.startedAt + milliseconds(policies.timeout), invocation.deadline - RECORD_TIME);
    const { outcome, record, bodyLives } = await perform({ ...ports, crashed }, job, run, module, deadline);
    if (bodyLives) ports.bodyLives();
    // A body that lives on has the lock until its process ends, which is at once.
    return outcome && (await conclude(ports, run, outcome, record, policies, run.locked && !bodyLives));
  } finally {
    watched.abort(null);
  }
}

/** Another run of the job is under way: this one is skipped, or comes after it if all are to be caught up with or filled in. */
function giveWay(
  ports: RunnerPorts,
  run: RunningRun,
  holder: RunId,
  { catchUp }: Pick<EffectivePolicies, 'catchUp'>,
): Promise<EndedRun | WaitingRun | undefined> {
  const now = ports.clock.now();
  const { attempt, attempts, lease, late } = run;
  const key = keyOf(run);
  const isCaughtUp = late && catchUp.run === 'all' && now - run.dueAt <= milliseconds(catchUp.within);
  const isWanted = run.trigger === 'backfill' || isCaughtUp;
  const message = `The run ${holder} of this job was still under way.`;
  const next: WaitingRun | UnstartedRun = isWanted
    ? {
        ...key,
        state: 'waiting',
        reason: 'overlap',
        // Many of a backfill may wait for the same turn.
        until: now + TURN_PAUSE + (run.trigger === 'backfill' ? jittered(TURN_PAUSE, 1, ports.random) : 0),
        attempt: attempt - 1,
        attempts,
        fence: lease.fence,
        locked: false,
        late,
      }
    : { ...key, attempts, endedAt: now, state: 'skipped', reason: 'overlap', message };
  return store(ports, run, next, NOTHING_SAID, false);
}

/** An import that does not end, or ends the process, is an error of the module's. */
async function load(
  { modules, clock }: RunnerPorts,
  { module }: Job,
  crashed: Promise<Error>,
): Promise<ModuleDefinition | undefined | Error> {
  const decided = new AbortController();
  const tooLong = clock
    .wait(LONGEST_IMPORT, decided.signal)
    .then(() => new Error(`Importing the module took longer than ${LONGEST_IMPORT / 1000} s.`));
  const loaded = modules.load(module).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const first = await Promise.race([loaded, crashed, tooLong]);
  decided.abort(null);
  return first;
}
