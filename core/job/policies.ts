import { DURATION_RULE, parseDuration } from '../contract/duration.ts';
import type { Policies } from '../contract/policies.ts';
import type { MemberError } from '../contract/problems.ts';

/** The policies in force: the job's value, else the module's, else the default. */
export interface EffectivePolicies {
  readonly timeout: string;
  readonly catchUp: { readonly within: string; readonly run: CatchUpRun };
}

/** Which late occurrences are still run: the newest one that is due, all of them, or none. */
export type CatchUpRun = 'latest' | 'all' | 'none';

const DEFAULTS: EffectivePolicies = { timeout: '1m', catchUp: { within: '1h', run: 'latest' } };

/** The runner's own limit is 15 minutes (Lambda's); a run ends half a minute before it, so that its end can be recorded. */
const RANGES = {
  timeout: { min: '1s', max: '14m', example: '2m' },
  within: { min: '1m', max: '24h', example: '2h' },
};

export function effectivePolicies(job: Policies, module: Policies | undefined): EffectivePolicies {
  return {
    timeout: job.timeout ?? module?.timeout ?? DEFAULTS.timeout,
    catchUp: {
      within: job.catchUp?.within ?? module?.catchUp?.within ?? DEFAULTS.catchUp.within,
      run: job.catchUp?.run ?? module?.catchUp?.run ?? DEFAULTS.catchUp.run,
    },
  };
}

/** A duration in milliseconds; it was checked when the module was built or the job was stored. */
export function milliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`${duration} is no duration`);
  return parsed;
}

/** What is wrong with policies, if anything. */
export function policiesError({ timeout, catchUp }: Policies): MemberError | undefined {
  return outOfRange('/policies/timeout', timeout, RANGES.timeout) ?? outOfRange('/policies/catchUp/within', catchUp?.within, RANGES.within);
}

function outOfRange(
  pointer: string,
  received: string | undefined,
  { min, max, example }: (typeof RANGES)[keyof typeof RANGES],
): MemberError | undefined {
  if (received === undefined) return undefined;
  const duration = parseDuration(received);
  if (duration !== undefined && duration >= milliseconds(min) && duration <= milliseconds(max)) return undefined;
  return {
    pointer,
    code: 'invalidPolicy',
    received,
    rule: `${DURATION_RULE}; this one is from ${min} to ${max}`,
    fix: `for example ${example}`,
  };
}
