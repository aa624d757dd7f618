import { DURATION_RULE, parseDuration } from '../contract/duration.ts';
import type { Policies } from '../contract/policies.ts';
import type { MemberError } from '../contract/problems.ts';

/** The policies in force: the job's value, else the module's, else the default. */
export interface EffectivePolicies {
  readonly timeout: string;
  readonly retry: { readonly maxAttempts: number; readonly backoff: string };
  readonly overlap: 'skip' | 'allow';
  readonly catchUp: { readonly within: string; readonly run: CatchUpRun };
  readonly autoPause: 'off' | number;
  readonly keep: string;
}

/** Which late occurrences are still run: the newest one that is due, all of them, or none. */
export type CatchUpRun = 'latest' | 'all' | 'none';

const DEFAULTS: EffectivePolicies = {
  timeout: '1m',
  retry: { maxAttempts: 1, backoff: '30s' },
  overlap: 'skip',
  catchUp: { within: '1h', run: 'latest' },
  autoPause: 'off',
  keep: '30d',
};

/** The runner's own limit is 15 minutes (Lambda's); a run ends half a minute before it, so that its end can be recorded. */
const DURATIONS = {
  timeout: { min: '1s', max: '14m', example: '2m' },
  'retry/backoff': { min: '1s', max: '15m', example: '30s' },
  'catchUp/within': { min: '1m', max: '24h', example: '2h' },
  keep: { min: '1d', max: '3650d', example: '90d' },
};
const COUNTS = { 'retry/maxAttempts': { min: 1, max: 10 }, autoPause: { min: 2, max: 100 } };

export function effectivePolicies(job: Policies, module: Policies | undefined): EffectivePolicies {
  const flat = { ...DEFAULTS, ...present(module), ...present(job) };
  return {
    timeout: flat.timeout,
    retry: { ...DEFAULTS.retry, ...present(module?.retry), ...present(job.retry) },
    overlap: flat.overlap,
    catchUp: { ...DEFAULTS.catchUp, ...present(module?.catchUp), ...present(job.catchUp) },
    autoPause: flat.autoPause,
    keep: flat.keep,
  };
}

/** Members that are set: one that is undefined takes nothing back. */
function present<T extends object>(members: T | undefined): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value !== undefined)) as never;
}

/** A duration in milliseconds; it was checked when the module was built or the job was stored. */
export function milliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`${duration} is no duration`);
  return parsed;
}

/** What is wrong with policies, if anything. */
export function policiesError({ timeout, retry, catchUp, autoPause, keep }: Policies): MemberError | undefined {
  return (
    durationError('timeout', timeout) ??
    countError('retry/maxAttempts', retry?.maxAttempts) ??
    durationError('retry/backoff', retry?.backoff) ??
    durationError('catchUp/within', catchUp?.within) ??
    countError('autoPause', autoPause === 'off' ? undefined : autoPause) ??
    durationError('keep', keep)
  );
}

function durationError(member: keyof typeof DURATIONS, received: string | undefined): MemberError | undefined {
  if (received === undefined) return undefined;
  const { min, max, example } = DURATIONS[member];
  const duration = parseDuration(received);
  if (duration !== undefined && duration >= milliseconds(min) && duration <= milliseconds(max)) return undefined;
  return wrong(member, received, `${DURATION_RULE}; this one is from ${min} to ${max}`, `for example ${example}`);
}

function countError(member: keyof typeof COUNTS, received: number | undefined): MemberError | undefined {
  const { min, max } = COUNTS[member];
  if (received === undefined || (received >= min && received <= max)) return undefined;
  return wrong(member, received, `it is a whole number from ${min} to ${max}`, `for example ${min + 1}`);
}

function wrong(member: string, received: unknown, rule: string, fix: string): MemberError {
  return { pointer: `/policies/${member}`, code: 'invalidPolicy', received, rule, fix };
}
