import { type CreateJobBody, createJobBody } from '../core/contract/bodies.ts';
import { checkBody } from '../core/contract/check-body.ts';
import type { Refusal } from '../core/contract/problems.ts';
import { createJob, type WriteJobPorts, type Written } from '../core/job/create-job.ts';

/** Creates a job as POST /v1/jobs does; throws what that would answer, after `where` the job was given. */
export async function newJob(ports: WriteJobPorts, body: object, where: string): Promise<Written> {
  const checked = checkBody(createJobBody, asJson(body));
  const created = checked.ok ? await createJob(ports, checked.value as CreateJobBody) : checked;
  if (created.ok) return created.value;
  throw new Error(`${where}: ${told(created.refusal)}`);
}

/** What arrives of a value that is sent as JSON. */
export function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function told({ detail, errors: [first, ...others] }: Refusal): string {
  const candidates = first?.candidates?.length ? ` There are ${first.candidates.join(', ')}.` : '';
  return [`${detail}${candidates}`, ...others.map(({ pointer, rule, fix }) => `${pointer}: ${rule}; ${fix}.`)].join('\n');
}
