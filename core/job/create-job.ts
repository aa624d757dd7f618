import type { CreateJobBody } from '../contract/bodies.ts';
import type { Result } from '../contract/problems.ts';
import { refused, refusedFor, success } from '../contract/problems.ts';
import { base32, JOB_ID_RULE, type JobUid, parseJobId, UID_BYTES } from '../ids.ts';
import type { ModuleCatalog, ModuleManifest, Random } from '../ports.ts';
import { checkInput } from './check-input.ts';
import { findModule } from './find-module.ts';
import type { Job } from './job.ts';
import { policiesError } from './policies.ts';
import { type ProjectPorts, projectIfPossible } from './project.ts';
import { firstTickOf, readTiming, timingFromOf } from './timing.ts';

export interface CreateJobPorts extends ProjectPorts {
  readonly random: Random;
  readonly catalog: ModuleCatalog;
}

/** Creates a job: commits it with its intent, then makes its schedule. Once it is committed it is never lost. */
export async function createJob(ports: CreateJobPorts, body: CreateJobBody): Promise<Result<{ job: Job; module: ModuleManifest }>> {
  const checked = await checkJob(ports, body);
  if (!checked.ok) return checked;
  const { job, module } = checked.value;
  if ((await ports.jobs.create(job)) === 'exists') {
    const conflict = await makeWay(ports, job);
    if (conflict) return conflict;
  }
  return success({ job: await projectIfPossible(ports, job), module });
}

/** Reads a request into the job it asks for, without storing anything. */
async function checkJob(ports: CreateJobPorts, body: CreateJobBody): Promise<Result<{ job: Job; module: ModuleManifest }>> {
  const id = parseJobId(body.id);
  if (!id) {
    return refusedFor({ pointer: '/id', code: 'invalidId', received: body.id, rule: JOB_ID_RULE, fix: 'choose such an id' });
  }
  const found = await findModule(ports.catalog, body.module ?? id, body.module === undefined ? '/id' : '/module');
  if (!found.ok) return found;
  const now = ports.clock.now();
  const timing = readTiming(body, now);
  if (!timing.ok) return timing;
  const policies = { ...(body.policies?.timeout !== undefined && { timeout: body.policies.timeout }) };
  const policyError = policiesError(policies);
  if (policyError) return refusedFor(policyError);
  const input = checkInput(body.input, found.value, '/input');
  if (!input.ok) return input;
  const job: Job = {
    id,
    uid: base32(ports.random.bytes(UID_BYTES)) as JobUid,
    rev: 1,
    module: found.value.name,
    source: 'api',
    schedule: body.schedule,
    timezone: timing.value.zone.name,
    start: timing.value.start,
    end: timing.value.end,
    anchor: timing.value.anchor,
    timing: 1,
    timingFrom: timingFromOf(timing.value, now),
    firstTick: firstTickOf(timing.value, now),
    input: input.value,
    policies,
    description: body.description ?? null,
    tags: body.tags ?? [],
    intent: 'apply',
    rejection: null,
    createdAt: now,
    updatedAt: now,
  };
  return success({ job, module: found.value });
}

/** The id is taken: refuses, unless all that is left of the other job is a delete, which is finished first. */
async function makeWay(ports: CreateJobPorts, job: Job): Promise<ReturnType<typeof refused> | undefined> {
  const other = await ports.jobs.get(job.id);
  if (other?.intent === 'delete') await projectIfPossible(ports, other);
  if ((!other || other.intent === 'delete') && (await ports.jobs.create(job)) === 'created') return undefined;
  return other?.intent === 'delete'
    ? refused('deleting', `The job "${job.id}" is being deleted and EventBridge has not confirmed it yet; try again in a minute.`)
    : refused('exists', `A job "${job.id}" exists already; delete it first, or choose another id.`);
}
