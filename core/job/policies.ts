import { DURATION_RULE, parseDuration } from '../contract/duration.ts';
import type { MemberError } from '../contract/problems.ts';
import type { ModulePolicies } from '../define-module.ts';
import type { JobPolicies } from './job.ts';

/** The runner's own limit is 15 minutes (Lambda's); a run ends half a minute before it, so that its end can be recorded. */
const TIMEOUT = { min: '1s', max: '14m', default: '1m' };

/** The policies in force: the job's value, else the module's, else the default. */
export interface EffectivePolicies {
  readonly timeout: string;
}

export function effectivePolicies(job: JobPolicies, module: ModulePolicies | undefined): EffectivePolicies {
  return { timeout: job.timeout ?? module?.timeout ?? TIMEOUT.default };
}

/** The timeout in milliseconds. A module's own value is checked when modules are built, a job's when it is created. */
export function timeoutOf(policies: EffectivePolicies): number {
  return parseDuration(policies.timeout) ?? Number(parseDuration(TIMEOUT.default));
}

/** What is wrong with policies, if anything. */
export function policiesError(policies: JobPolicies): MemberError | undefined {
  if (policies.timeout === undefined) return undefined;
  const timeout = typeof policies.timeout === 'string' ? parseDuration(policies.timeout) : undefined;
  if (timeout !== undefined && timeout >= Number(parseDuration(TIMEOUT.min)) && timeout <= Number(parseDuration(TIMEOUT.max)))
    return undefined;
  return {
    pointer: '/policies/timeout',
    code: 'invalidPolicy',
    received: policies.timeout,
    rule: `${DURATION_RULE}; a timeout is from ${TIMEOUT.min} to ${TIMEOUT.max}`,
    fix: 'for example 2m',
  };
}
