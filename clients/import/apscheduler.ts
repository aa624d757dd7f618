import * as z from 'zod';
import { isoInstantOrNull } from '../../core/contract/instant.ts';
import { parseJobId } from '../../core/ids.ts';
import { readScheduleFile } from '../../core/schedule/schedule-file.ts';
import { distinctIds, type Imported, idOf } from './imported.ts';

const value = z.union([z.string(), z.number()]).nullish();
const apJob = z.looseObject({
  id: z.string().optional(),
  job_id: z.string().optional(),
  /** `cron` with its fields beside it, or as APScheduler prints one: `cron[hour='9']`. */
  trigger: z.string().optional(),
  type: z.string().optional(),
  /** The fields of a trigger, or the arguments of the function. */
  args: z.union([z.record(z.string(), value), z.array(z.unknown())]).optional(),
  kwargs: z.record(z.string(), z.unknown()).optional(),
  func: z.string().optional(),
  next_run_time: z.string().nullish(),
  max_instances: z.int().optional(),
  coalesce: z.boolean().optional(),
  misfire_grace_time: z.number().nullish(),
});
type ApJob = z.output<typeof apJob>;

/** A list of jobs, or an object with a member `jobs`, as the predecessor's `GET /api/v1/jobs/` answers. */
const apFile = z.union([z.array(apJob), z.object({ jobs: z.array(apJob) }).transform(({ jobs }) => jobs), apJob.transform((job) => [job])]);

const TRIGGERS = ['cron', 'interval', 'date'];
const FIELDS = [
  'year month day week day_of_week hour minute second weeks days hours minutes seconds',
  'run_date start_date end_date timezone',
].flatMap((names) => names.split(' '));

/** Reads jobs of APScheduler 3 as JSON: payloads of the predecessor, its list, or a dump of `get_jobs()`. Throws on JSON of another kind. */
export function readApscheduler(
  json: unknown,
  { module, timezone = 'UTC' }: { readonly module?: string | undefined; readonly timezone?: string | undefined } = {},
): Imported[] {
  const distinct = distinctIds();
  const file = apFile.safeParse(json);
  if (!file.success) throw new Error(z.prettifyError(file.error));
  return file.data.map((job, index) => {
    const name = job.id ?? job.job_id ?? `job ${index + 1}`;
    const id = distinct(parseJobId(name) ?? idOf(name));
    const from = `job ${name}`;
    const was = job.trigger ?? `${job.type ?? 'cron'} ${JSON.stringify(job.args ?? {})}`;
    try {
      return {
        from,
        was,
        id,
        job: { module: module ?? moduleOf(job, id), ...timingOf({ timezone, ...job }), ...rest(job) },
        notes: notesOf(job),
      };
    } catch (error) {
      return {
        from,
        was,
        id,
        job: undefined,
        notes: [(error instanceof Error ? error.message : String(error)).replace(/^line \d+: /, '')],
      };
    }
  });
}

/** The folder of the function, the predecessor's rule, or the function itself. */
function moduleOf({ func }: ApJob, id: string): string {
  const [path = '', name = 'run'] = func?.split(':') ?? [];
  if (path === '') return idOf(id);
  return idOf(name === 'run' ? (path.split('.').at(-1) ?? path) : name);
}

/** Its schedule is read as that of a `.schedule` file: the keys are the same. */
function timingOf(job: ApJob) {
  const printed = /^(cron|interval|date)\[(.*)\]$/.exec(job.trigger ?? '');
  const type = printed?.[1] ?? job.trigger ?? job.type ?? '';
  if (!TRIGGERS.includes(type))
    throw new Error(`a trigger is cron, interval or date, received ${JSON.stringify(job.trigger ?? job.type ?? null)}`);
  const fields = { ...job, ...(Array.isArray(job.args) ? {} : job.args), ...(printed && printedFields(type, printed[2] ?? '', job)) };
  const lines = FIELDS.flatMap((name) => {
    const field = (fields as Record<string, unknown>)[name];
    return field === undefined || field === null ? [] : [`${name}=${String(field)}`];
  });
  const { schedule, timezone, start, end } = readScheduleFile([`type=${type}`, ...lines].join('\n'));
  return {
    schedule,
    timezone,
    ...(start !== null && { start: isoInstantOrNull(start) }),
    ...(end !== null && { end: isoInstantOrNull(end) }),
  };
}

function printedFields(type: string, text: string, { next_run_time: next }: ApJob): Record<string, string> {
  switch (type) {
    case 'cron':
      return Object.fromEntries([...text.matchAll(/(\w+)='([^']*)'/g)].map(([, name = '', field = '']) => [name, field]));
    case 'date':
      // A zone's abbreviation may mean several: the instant is beside it.
      return { run_date: next ?? text.replace(/ UTC$/, '') };
    default: {
      const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+) days?, )?(\d+):(\d+):(\d+)/.exec(text) ?? [];
      // So that the grid goes on where it was.
      return { days, hours, minutes, seconds, ...(next && { start_date: next }) };
    }
  }
}

function rest(job: ApJob) {
  const grace = job.misfire_grace_time;
  const catchUp = {
    ...(grace && { within: `${Math.min(86_400, Math.max(60, Math.round(grace)))}s` }),
    ...(job.coalesce === false && { run: 'all' }),
  };
  return {
    tags: ['apscheduler'],
    ...(job.kwargs && Object.keys(job.kwargs).length > 0 && { input: job.kwargs }),
    policies: {
      ...(job.max_instances !== undefined && job.max_instances > 1 && { overlap: 'allow' }),
      ...(Object.keys(catchUp).length > 0 && { catchUp }),
    },
  };
}

function notesOf(job: ApJob): string[] {
  return [
    ...(job.next_run_time === null ? ['it was paused: pause it once it is there'] : []),
    ...(Array.isArray(job.args) && job.args.length > 0 ? ['its arguments have no names: give them as `input`'] : []),
    ...(job.jitter ? ['jitter is not kept'] : []),
  ];
}
