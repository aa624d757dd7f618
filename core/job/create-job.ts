import type { CreateJobBody } from '../contract/bodies.ts';
import type { Result } from '../contract/problems.ts';
import { refused, refusedFor, success } from '../contract/problems.ts';
import { base32, JOB_ID_RULE, type JobId, type JobUid, parseJobId, UID_BYTES } from '../ids.ts';
import type { ModuleCatalog, ModuleManifest, Random } from '../ports.ts';
import { dueOf, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { noted } from './changes.ts';
import { firstTickOf } from './first-ticks.ts';
import type { Job } from './job.ts';
import { type ProjectPorts, projectIfPossible } from './project.ts';
import { checkDue, type Definition, readDefinition } from './read-definition.ts';

export interface WriteJobPorts extends ProjectPorts {
  readonly random: Random;
  readonly catalog: ModuleCatalog;
}

/** A job that was written, and its module. */
export interface Written {
  readonly job: Job;
  readonly module: ModuleManifest;
}

/**
 * Creates a job: commits it with its intent, then makes its schedule. Once it is committed it is never lost.
 *
 * A job of that id and uid that is there already is this one, from an earlier try of the same request.
 */
export async function createJob(ports: WriteJobPorts, { id: received, ...body }: CreateJobBody, uid?: JobUid): Promise<Result<Written>> {
  const id = readJobId(received, '/id');
  if (!id.ok) return id;
  const now = ports.clock.now();
  const definition = await readDefinition(ports.catalog, id.value, body, now);
  if (!definition.ok) return definition;
  const due = checkDue(definition.value.timing, now);
  if (!due.ok) return due;
  const job = noted(newJob(id.value, uid ?? newUid(ports.random), definition.value, now), undefined, ports.caller);
  if ((await ports.jobs.create(job)) === 'exists') {
    const other = await ports.jobs.get(job.id);
    if (other?.uid === job.uid) return again(ports, other, definition.value.module);
    const conflict = await makeWay(ports, job, other);
    if (conflict) return conflict;
  }
  return success({ job: await projectIfPossible(ports, job), module: definition.value.module });
}

export function readJobId(received: string, pointer: string): Result<JobId> {
  const id = parseJobId(received);
  return id ? success(id) : refusedFor({ pointer, code: 'invalidId', received, rule: JOB_ID_RULE, fix: 'choose such an id' });
}

/** The request was carried out before, and its answer lost; what has become of the job since is not undone. */
async function again(ports: WriteJobPorts, job: Job, module: ModuleManifest): Promise<Result<Written>> {
  if (job.intent === 'delete') return refused('deleting', `The job "${job.id}" was created by this request before, and is being deleted.`);
  return success({ job: job.rev === 1 ? await projectIfPossible(ports, job) : job, module });
}

function newUid(random: Random): JobUid {
  return base32(random.bytes(UID_BYTES)) as JobUid;
}

function newJob(id: JobId, uid: JobUid, { members, timing }: Definition, now: Instant): Job {
  return {
    ...members,
    id,
    uid,
    rev: 1,
    timing: 1,
    timingFrom: timingFromOf(timing, now),
    previous: [],
    paused: null,
    firstTick: firstTickOf(timing, now),
    changes: [],
    intent: 'apply',
    rejection: null,
    createdAt: now,
    updatedAt: now,
    madeAt: null,
  };
}

/** From when on a timing committed at `now` counts: an `at` that is just over still belongs to it. */
export function timingFromOf({ schedule, zone }: Timing, now: Instant): Instant {
  return schedule.kind === 'at' ? Math.min(now, (dueOf(schedule, zone) ?? now) - 1) : now;
}

/** The id is taken: refuses, unless all that is left of the other job is a delete, which is finished first. */
async function makeWay(ports: WriteJobPorts, job: Job, other: Job | undefined): Promise<ReturnType<typeof refused> | undefined> {
  if (other?.intent === 'delete') await projectIfPossible(ports, other);
  if ((!other || other.intent === 'delete') && (await ports.jobs.create(job)) === 'created') return undefined;
  return other?.intent === 'delete'
    ? refused('deleting', `The job "${job.id}" is being deleted and EventBridge has not confirmed it yet; try again in a minute.`)
    : refused('exists', `A job "${job.id}" exists already; change it with PUT or PATCH, or choose another id.`);
}
