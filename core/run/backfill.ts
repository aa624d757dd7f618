import type { BackfillBody } from '../contract/bodies.ts';
import { isoInstant } from '../contract/instant.ts';
import { type Result, refusedFor, success } from '../contract/problems.ts';
import { base32 } from '../ids.ts';
import { findModule } from '../job/find-module.ts';
import { getJob } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import { effectivePolicies } from '../job/policies.ts';
import { timingOf } from '../job/timing.ts';
import { occurrencesBetween } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { type RequestIdentity, type RequestPorts, requestedOf, storeRequested } from './request-run.ts';
import type { WaitingRun } from './run.ts';

/** One request asks for so many runs at most. */
const MOST_BACKFILLED = 1_000;
/** Started a second, where they may overlap: others have to get their turn. */
const PACE = 20;
/** Where they may not they come one a second, or as many as it takes for the queue to hold them all. */
const LONGEST_SECONDS = 880;
/** Stored and sent for at once. */
const WIDTH = 25;

/** What a backfill would run: the due times of a job from one instant to another, both included, past ones as its schedule now stands. */
export async function previewBackfill({ jobs }: RequestPorts, id: string, body: BackfillBody): Promise<Result<readonly Instant[]>> {
  const found = await getJob(jobs, id);
  return found.ok ? dueTimesOf(found.value, body) : found;
}

function dueTimesOf(job: Job, { from, to }: BackfillBody): Result<readonly Instant[]> {
  if (Date.parse(to) < Date.parse(from))
    return refusedFor({ pointer: '/to', code: 'malformed', received: to, rule: 'it is not before `from`', fix: 'exchange the two' });
  const dueAts = occurrencesBetween(timingOf(job), Date.parse(from) - 1, Date.parse(to), MOST_BACKFILLED + 1);
  if (dueAts.length <= MOST_BACKFILLED) return success(dueAts);
  return refusedFor({
    pointer: '/to',
    code: 'malformed',
    received: to,
    rule: `a backfill is of ${MOST_BACKFILLED} due times at most`,
    fix: `end it before ${isoInstant(dueAts[MOST_BACKFILLED] ?? 0)}, and ask for the rest afterwards`,
  });
}

/** Asks for a run for each due time of a span: the same request, repeated, is the same runs. */
export async function backfill(
  ports: RequestPorts,
  id: string,
  body: BackfillBody,
  { at, suffix }: RequestIdentity,
): Promise<Result<readonly WaitingRun[]>> {
  const found = await getJob(ports.jobs, id);
  if (!found.ok) return found;
  const dueAts = dueTimesOf(found.value, body);
  if (!dueAts.ok) return dueAts;
  const module = await findModule(ports.catalog, found.value.module, '/module');
  if (!module.ok) return module;
  const { overlap } = effectivePolicies(found.value.policies, module.value.policies);
  const pace = overlap === 'allow' ? PACE : Math.ceil(dueAts.value.length / LONGEST_SECONDS);
  const runs = dueAts.value.map((dueAt, n) => ({
    ...requestedOf(found.value, module.value, { at, suffix: nth(suffix, n) }, { trigger: 'backfill', dueAt }),
    until: at + Math.floor(n / pace) * 1_000,
  }));
  for (let from = 0; from < runs.length; from += WIDTH) {
    await Promise.all(runs.slice(from, from + WIDTH).map((run) => storeRequested(ports, run)));
  }
  return success(runs);
}

/** The suffix of the nth of a request's runs: two of its letters count. */
function nth(suffix: string, n: number): string {
  return suffix.slice(0, -2) + base32(Uint8Array.of(n >> 5, n));
}
