import { CODE_SET, type DefinitionBody } from '../contract/bodies.ts';
import type { Policies } from '../contract/policies.ts';
import type { MemberError, Result } from '../contract/problems.ts';
import { refused, refusedFor, success } from '../contract/problems.ts';
import type { JobId, ModuleName } from '../ids.ts';
import type { ModuleCatalog, ModuleManifest } from '../ports.ts';
import { nextOccurrence, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { checkInput } from './check-input.ts';
import { findModule } from './find-module.ts';
import type { Job, JobTiming } from './job.ts';
import { policiesError } from './policies.ts';
import { neverDue, readTiming, type TimingRequest } from './timing.ts';

/** What a request makes of a job: its members as they are stored, its timing and its module. */
export interface Definition {
  readonly members: JobTiming & {
    readonly module: ModuleName;
    readonly input: unknown;
    readonly policies: Policies;
    readonly description: string | null;
    readonly tags: readonly string[];
    readonly set: string | null;
  };
  readonly timing: Timing;
  readonly module: ModuleManifest;
}

/**
 * Reads what a request makes of the job of that id, or says what is wrong with it; stores nothing. `before` is the job
 * that there is already.
 */
export async function readDefinition(
  catalog: ModuleCatalog,
  id: JobId,
  body: DefinitionBody,
  now: Instant,
  before?: Pick<Job, 'input' | 'set'>,
): Promise<Result<Definition>> {
  const shape = scheduleError(body);
  if (shape) return refusedFor(shape);
  const found = await findModule(catalog, body.module ?? id, body.module === undefined ? '/id' : '/module');
  if (!found.ok) return found;
  const module = found.value;
  const request = timingRequest(body, module);
  if (!request.ok) return request;
  const timing = readTiming(request.value, now);
  if (!timing.ok) return timing;
  const policyError = body.policies && policiesError(body.policies);
  if (policyError) return refusedFor(policyError);
  const input = await checkInput(body.input, module, '/input', before?.input);
  if (!input.ok) return input;
  // What the modules own is pruned with them: nobody else's job may be among it.
  if (body.set === CODE_SET && before?.set !== CODE_SET && !Object.hasOwn(module.jobs, id)) return refusedFor(notDeclared(id, module));
  const { zone, start, end, anchor } = timing.value;
  const members = {
    module: module.name,
    schedule: request.value.schedule,
    timezone: zone.name,
    start,
    end,
    anchor,
    input: input.value,
    policies: body.policies ?? {},
    description: body.description ?? null,
    tags: body.tags ?? [],
    set: body.set ?? null,
  };
  return success({ members, timing: timing.value, module });
}

/** Refuses a timing that has no due time to come. */
export function checkDue(timing: Timing, now: Instant): Result<Instant | undefined> {
  const error = neverDue(timing, now);
  return error ? refusedFor(error) : success(nextOccurrence(timing, now));
}

function notDeclared(id: JobId, { name }: ModuleManifest): MemberError {
  const rule = `the set "${CODE_SET}" is of the jobs that modules declare, and "${name}" declares no "${id}"`;
  return { pointer: '/set', code: 'malformed', received: CODE_SET, rule, fix: 'choose another name, or leave it out' };
}

function scheduleError({ schedule, fromFile }: DefinitionBody): MemberError | undefined {
  if (schedule !== undefined && fromFile)
    return { pointer: '/fromFile', code: 'malformed', rule: 'a job has either a schedule or fromFile', fix: 'leave one out' };
  if (schedule !== undefined || fromFile) return undefined;
  return {
    pointer: '/schedule',
    code: 'malformed',
    rule: 'a job has a schedule, or fromFile: true for the one of its module',
    fix: 'for example "schedule": "rate(5 minutes)"',
  };
}

/** The schedule is in the request, or in the `.schedule` file; what the request says beside it comes first. */
function timingRequest({ schedule, timezone, start, end }: DefinitionBody, module: ModuleManifest): Result<TimingRequest> {
  if (schedule !== undefined) return success({ schedule, timezone, start, end });
  const file = module.schedule;
  if (!file) {
    return refused(
      'noScheduleFile',
      `The module "${module.name}" has no .schedule file; add jobs/${module.name}/.schedule, or send a schedule.`,
    );
  }
  return success({
    schedule: file.schedule,
    timezone: timezone ?? file.timezone,
    start: start === undefined ? file.start : start,
    end: end === undefined ? file.end : end,
  });
}
