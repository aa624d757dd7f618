import { type DefinitionBody, definitionBody, type PatchJobBody, type PutJobBody } from '../contract/bodies.ts';
import { checkBody } from '../contract/check-body.ts';
import { isoInstant } from '../contract/instant.ts';
import { mergePatch, sameJson } from '../contract/json.ts';
import { type Result, refused, refusedFor, success } from '../contract/problems.ts';
import type { ModuleManifest } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { type Condition, changeJob, withNewTiming } from './change-job.ts';
import { shapeError } from './check-input.ts';
import { createJob, readJobId, timingFromOf, type WriteJobPorts, type Written } from './create-job.ts';
import { firstTickOf } from './first-ticks.ts';
import { getJob } from './get-job.ts';
import type { Job } from './job.ts';
import { checkDue, type Definition, readDefinition } from './read-definition.ts';

/** When a PUT is carried out: on these revisions only (If-Match), or only when there is no such job (If-None-Match: *). */
export interface PutCondition {
  readonly match: Condition;
  readonly isNew: boolean;
}

/** Creates a job, or replaces the definition of the one of that id as a whole. */
export async function putJob(
  ports: WriteJobPorts,
  received: string,
  { id: named, ...body }: PutJobBody,
  { match, isNew }: PutCondition,
): Promise<Result<Written & { readonly created: boolean }>> {
  const id = readJobId(received, '/id');
  if (!id.ok) return id;
  if (named !== undefined && named !== id.value) {
    return refusedFor({
      pointer: '/id',
      code: 'invalidId',
      received: named,
      rule: "the body's id is the one of the path",
      fix: 'leave it out',
    });
  }
  const exists = (await getJob(ports.jobs, id.value)).ok;
  if (exists && isNew) return refused('stale', `A job "${id.value}" exists already, and the request is for a new one (If-None-Match).`);
  if (!exists && !match) {
    const created = await createJob(ports, { id: id.value, ...body });
    if (created.ok) return success({ ...created.value, created: true });
    if (created.refusal.code !== 'exists' || isNew) return created;
  }
  const updated = await redefineJob(ports, id.value, match, () => success(body));
  return updated.ok ? success({ ...updated.value, created: false }) : updated;
}

/**
 * Changes some members of a job: `input` and `policies` are merged (RFC 7396), every other member is replaced as a whole, and
 * null takes a member back to its default.
 */
export function patchJob(ports: WriteJobPorts, id: string, patch: PatchJobBody, match: Condition): Promise<Result<Written>> {
  const [tooDeep] = Object.entries(patch).flatMap(([name, value]) => shapeError(value, `/${name}`) ?? []);
  if (tooDeep) return Promise.resolve(refusedFor(tooDeep));
  return redefineJob(ports, id, match, (job) => checkBody(definitionBody, patched(job, patch)));
}

function patched(job: Job, patch: PatchJobBody): unknown {
  const { module, schedule, timezone, start, end, input, policies, description, tags, set } = job;
  const bounds = { ...(start !== null && { start: isoInstant(start) }), ...(end !== null && { end: isoInstant(end) }) };
  // A schedule is one value: merged with another it would be neither. That of a file comes with the file's own zone and bounds.
  const timing = patch.fromFile === true ? {} : { timezone, ...bounds, ...(patch.schedule === undefined && { schedule }) };
  return mergePatch({ module, ...timing, input, policies, description, tags, set }, patch);
}

async function redefineJob(
  ports: WriteJobPorts,
  id: string,
  match: Condition,
  bodyFor: (job: Job) => Result<DefinitionBody>,
): Promise<Result<Written>> {
  let module: ModuleManifest | undefined;
  const changed = await changeJob(ports, id, match, async (job, now) => {
    const body = bodyFor(job);
    if (!body.ok) return body;
    const definition = await readDefinition(ports.catalog, job.id, body.value, now, job);
    if (!definition.ok) return definition;
    module = definition.value.module;
    return redefined(job, definition.value, now);
  });
  if (!changed.ok) return changed;
  return module ? success({ job: changed.value, module }) : refused('internal', 'The job was changed without its module.');
}

/** The job with another definition; the job itself when nothing changes. Its timing changes only if its due times do. */
function redefined(job: Job, { members, timing }: Definition, now: Instant): Result<Job> {
  const { schedule, timezone, start, end } = members;
  const countsOn = sameJson([schedule, start], [job.schedule, job.start]);
  const anchor = countsOn ? job.anchor : members.anchor;
  if (countsOn && timezone === job.timezone && end === job.end) {
    const next = { ...job, ...members, anchor };
    return success(sameJson(next, job) ? job : next);
  }
  const kept = { ...timing, anchor };
  const due = checkDue(kept, now);
  if (!due.ok) return due;
  return success(withNewTiming(job, now, { ...members, anchor, timingFrom: timingFromOf(kept, now), firstTick: firstTickOf(kept, now) }));
}
