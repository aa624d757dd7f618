import type { JobId, JobUid } from '../../core/ids.ts';
import type { Job } from '../../core/job/job.ts';
import { effectivePolicies } from '../../core/job/policies.ts';
import { render, scheduleName } from '../../core/job/render.ts';
import { timingOf } from '../../core/job/timing.ts';
import { isEnded, type Run, type RunningRun, type WaitingRun } from '../../core/run/run.ts';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { type Held, type Known, unjustified } from './justified.ts';

/** What a module did: from when to when it ran; null = it is at it. */
export interface Effect {
  readonly jobUid: string;
  readonly runId: string;
  readonly attempt: number;
  readonly from: Instant;
  to: Instant | null;
}

/** How the names of schedules without a job begin. */
export const STRAY = 'stray-';
/** So many may be deleted in a walk, where there are not fifty. */
const MOST_REMOVED = 5;

/** What a pass that finds everything right does not do; the schedule of a job that is over may fall due to be deleted at any time. */
const REPAIRS = new Set([
  'jobs replace',
  'jobs settle',
  'jobs reopen',
  'jobs noteMade',
  'jobs remove',
  'engine put',
  'runs record',
  'runs end',
]);

/** Every write as the stores carried it out, held against the promises S1 to S6 and S8 of docs/guarantees.md the moment it is made. */
export class Ledger {
  readonly violations: string[] = [];
  /** Every revision of every job, in order. */
  readonly versions = new Map<JobUid, Job[]>();
  /** When each revision was stored: after the instant from which it counts, if the write was slow. */
  readonly storedAt = new Map<Job, Instant>();
  /** The job of each id, as the table should have it. */
  readonly current = new Map<JobId, Job>();
  readonly runs = new Map<string, Run>();
  readonly effects: Effect[] = [];
  /** What passes of the reconciler changed. */
  readonly repairs = new Map<string, readonly string[]>();
  /** Which processes made runs that were asked for, and jobs, by the step that asked. */
  readonly made = new Map<string, Set<string>>();
  readonly deletedBy = new Set<string>();
  /** Jobs whose schedule somebody changed: EventBridge's word is taken for when an exact one is due. */
  readonly changedByHand = new Set<JobUid>();
  readonly #strays = new Map<string, Set<string>>();
  readonly #holds: Held[] = [];
  readonly #now: () => Instant;
  readonly #seesWrites: boolean;

  /** `seesWrites`: whether it is told of every write; else a job may run before it is known. */
  constructor(now: () => Instant, seesWrites: boolean) {
    this.#now = now;
    this.#seesWrites = seesWrites;
  }

  violate(promise: string, what: string): void {
    if (this.violations.length < 20) this.violations.push(`${promise} ${what}`);
  }

  saw(by: string, port: string, call: string, args: readonly unknown[], answer: unknown): void {
    if (by.startsWith('reconcile') && REPAIRS.has(`${port} ${call}`))
      this.repairs.set(by, [...(this.repairs.get(by) ?? []), `${call} ${JSON.stringify(args[0])}`]);
    if (port === 'jobs') this.#job(by, call, args[0], answer);
    else if (port === 'runs') this.#run(by, call, args[0] as Run, args, answer);
    else if (port === 'stage') this.switched(call);
    else if (port === 'engine' && call === 'remove' && by.startsWith('reconcile')) this.#removed(by, String(args[0]));
  }

  #job(by: string, call: string, written: unknown, answer: unknown): void {
    const job = written as Job;
    const before = this.current.get(job?.id);
    const isAsRead = before?.uid === job?.uid && before?.rev === job?.rev;
    if (call === 'create' && answer === 'created') {
      if (before) this.violate('S3', `${job.id} was created over a job that is there`);
      this.version(job);
      this.#made(by, job.uid);
    } else if (call === 'replace' && answer === 'replaced') {
      if (before?.uid !== job.uid || job.rev !== before.rev + 1) this.violate('S3', `${job.id} rev ${job.rev} replaced rev ${before?.rev}`);
      this.version(job);
      if (job.intent === 'delete') this.deletedBy.add(by);
    } else if (call === 'remove' && isAsRead) {
      if (before?.intent !== 'delete') this.violate('S3', `${job.id} was removed though nobody deleted it`);
      this.current.delete(job.id);
    } else if ((call === 'settle' || (call === 'reopen' && answer === 'reopened')) && isAsRead && before) {
      const intent = call === 'settle' ? null : before.intent;
      this.current.set(job.id, { ...before, intent, ...(call === 'reopen' && { firstTick: job.firstTick, intent: 'apply' }) });
    }
  }

  /** Somebody holds the stage or releases it. */
  switched(call: string): void {
    const last = this.#holds.at(-1);
    if (call === 'hold' && last?.to !== null) this.#holds.push({ from: this.#now(), to: null });
    if (call === 'release' && last) last.to ??= this.#now();
  }

  #known({ jobUid }: Run): Known {
    const runs = () => [...this.runs.values()].filter((run) => run.jobUid === jobUid);
    return { versions: this.versions.get(jobUid) ?? [], holds: this.#holds, runs, now: this.#now() };
  }

  version(job: Job): void {
    this.current.set(job.id, job);
    this.storedAt.set(job, this.#now());
    this.versions.set(job.uid, [...(this.versions.get(job.uid) ?? []), job]);
  }

  #made(by: string, what: string): void {
    const step = by.replace(/ again$/, '');
    this.made.set(step, (this.made.get(step) ?? new Set()).add(what));
  }

  #run(by: string, call: string, run: Run, args: readonly unknown[], answer: unknown): void {
    if (call === 'cancel' && answer === 'asked') {
      const key = `${args[0]} ${args[1]}`;
      const asked = this.runs.get(key);
      if (asked?.state === 'running') this.runs.set(key, { ...asked, cancelledAt: asked.cancelledAt ?? Number(args[2]) });
      return;
    }
    const key = `${run?.jobUid} ${run?.runId}`;
    const before = this.runs.get(key);
    const isDone = ['claimed', 'recorded', 'started', 'ended'].includes(String(answer)) || (call === 'request' && !before);
    if (!isDone) return;
    // Whoever ends what has ended the same way is told so, and nothing is written.
    if ((call === 'end' || call === 'endWaiting') && before?.state === run.state) return;
    if (call === 'request') this.#made(by, run.runId);
    const wrong = ruleOf(call, before, run, args) ?? unjustified(call, before, run, this.#known(run));
    if (wrong) this.violate(wrong[0], `${run.jobId} ${run.runId} ${call} by ${by}: ${wrong[1]}`);
    this.runs.set(key, run);
  }

  #removed(by: string, name: string): void {
    if (name.startsWith(STRAY)) {
      const removed = (this.#strays.get(by) ?? new Set()).add(name);
      this.#strays.set(by, removed);
      if (removed.size > MOST_REMOVED) this.violate('S8', `${by} deleted ${removed.size} schedules`);
    }
    const job = [...this.current.values()].find((one) => scheduleName(one) === name);
    if (!job || job.intent !== null || !render(job)) return;
    if (job.paused || nextOccurrence(timingOf(job), this.#now()) !== undefined) this.violate('S8', `the schedule of ${job.id} was deleted`);
  }

  /** S1, S5 and S6, by what the modules do and not by what Carillon says of itself. */
  began(effect: Effect): void {
    const versions = this.versions.get(effect.jobUid as JobUid) ?? [];
    const policies = versions.map((job) => effectivePolicies(job.policies, undefined));
    const ofJob = this.effects.filter(({ jobUid }) => jobUid === effect.jobUid);
    const ofRun = ofJob.filter(({ runId }) => runId === effect.runId);
    if (ofRun.some(({ to }) => to === null)) this.violate('S1', `${effect.runId} was executed twice at once`);
    if (versions.length === 0 && this.#seesWrites) this.violate('S6', `${effect.runId} is of a job that nobody made`);
    const isAlone = policies.length > 0 && policies.every(({ overlap }) => overlap === 'skip');
    const other = ofJob.find(({ runId, to }) => to === null && runId !== effect.runId);
    if (isAlone && other) this.violate('S5', `${effect.runId} and ${other.runId} ran at once`);
    this.effects.push(effect);
    if (this.#seesWrites) this.count(effect);
  }

  /** S6. Where writes are not seen, the revision that allows an attempt may be known only after it. */
  count({ jobUid, runId }: Pick<Effect, 'jobUid' | 'runId'>): void {
    const versions = this.versions.get(jobUid as JobUid) ?? [];
    const most = Math.max(...versions.map((job) => effectivePolicies(job.policies, undefined).retry.maxAttempts));
    const executed = this.effects.filter((effect) => effect.jobUid === jobUid && effect.runId === runId).length;
    if (versions.length > 0 && executed > most) this.violate('S6', `${runId} was executed ${executed} times, at most ${most}`);
  }
}

/** What a write that was carried out must not have been, if anything. */
function ruleOf(call: string, before: Run | undefined, run: Run, args: readonly unknown[]): readonly [string, string] | undefined {
  if (before && isEnded(before) && JSON.stringify(before) !== JSON.stringify(run)) return ['S4', `it had ${before.state}`];
  const fence = before?.state === 'running' ? before.lease.fence : before?.state === 'waiting' ? before.fence : undefined;
  const isOwn = (lease: RunningRun['lease']) =>
    before?.state === 'running' && before.lease.owner === lease.owner && before.lease.fence === lease.fence;
  switch (call) {
    case 'claim':
      return before && !isOwn((run as RunningRun).lease) ? ['S1', 'it was there'] : undefined;
    case 'record':
      return before ? ['S1', 'it was there'] : undefined;
    case 'start': {
      const { lease } = run as RunningRun;
      if (isOwn(lease)) return undefined;
      return before?.state !== 'waiting' || lease.fence !== before.fence + 1 ? ['S1', `fence ${lease.fence} after ${fence}`] : undefined;
    }
    case 'end': {
      const lease = args[1] as RunningRun['lease'];
      if (before?.state !== 'running')
        return JSON.stringify(before) === JSON.stringify(run) ? undefined : ['S1', `it was ${before?.state}`];
      if (run.state === 'waiting' && before.cancelledAt !== null) return ['S4', 'it was cancelled, and goes on'];
      return isOwn(lease) ? undefined : ['S1', `with fence ${lease.fence} after ${fence}`];
    }
    case 'endWaiting':
      return before?.state === 'waiting' && (before as WaitingRun).fence === args[1] ? undefined : ['S1', `it was ${before?.state}`];
    default:
      return undefined;
  }
}
