import type * as z from 'zod';
import type {
  FailedRunAnswer,
  HealthAnswer,
  JobAnswer,
  JobRowAnswer,
  LoadAnswer,
  ModuleAnswer,
  PreviewAnswer,
  RunAnswer,
  RunLogAnswer,
  RunSummaryAnswer,
  UpcomingAnswer,
} from '../../core/contract/answers.ts';
import type { createJobBody, patchJobBody, previewBody, putJobBody } from '../../core/contract/bodies.ts';
import { type Answer, type Call, type Connection, call } from './call.ts';

/** The modules of a project by their names, as the type `Modules` of its jobs/index.ts has them. */
export type ModuleMap = Readonly<Record<string, { readonly input?: z.ZodType | undefined }>>;

/** What a module takes; a module without a schema takes nothing. */
type InputOf<Module> = Module extends { readonly input?: infer Input } ? (Input extends z.ZodType ? z.input<Input> : never) : never;
/** The member `input` of a job: required where the module cannot do without. */
type InputMember<Module> = [InputOf<Module>] extends [never]
  ? { readonly input?: undefined }
  : Record<string, never> extends InputOf<Module>
    ? { readonly input?: InputOf<Module> }
    : { readonly input: InputOf<Module> };

type Members<Body extends z.core.$ZodType> = Omit<z.input<Body>, 'module' | 'input'>;
/** A body for each module, so that the compiler knows which input goes with which. */
type WithModule<Modules extends ModuleMap, Body extends z.core.$ZodType> = {
  [Name in keyof Modules & string]: Members<Body> & { readonly module: Name } & InputMember<Modules[Name]>;
}[keyof Modules & string];

export type CreateJob<Modules extends ModuleMap> = WithModule<Modules, typeof createJobBody>;
export type PutJob<Modules extends ModuleMap> = WithModule<Modules, typeof putJobBody>;
export type PatchJob = z.input<typeof patchJobBody>;
export type Preview = z.input<typeof previewBody>;

/** Narrows a list of jobs down. */
export interface JobQuery {
  readonly module?: string | undefined;
  readonly tag?: string | undefined;
  readonly set?: string | undefined;
  readonly state?: JobAnswer['state'] | undefined;
  readonly q?: string | undefined;
  /** Each with its last run and its newest outcomes. */
  readonly include?: 'outcomes';
  /** Rows a page, up to 500: all are read, page after page. */
  readonly limit?: number | undefined;
}

/** How a write is made. */
export interface WriteOptions {
  /** Only if the job is at this revision. */
  readonly ifRev?: number | undefined;
  /** Of a PUT: only if there is no such job. */
  readonly ifNew?: boolean | undefined;
  /** Gives the answer of the write, and changes nothing. */
  readonly dryRun?: boolean | undefined;
}

export type ClientOptions = Partial<Connection>;

/** Where `npm run dev` listens. */
export const LOCAL_ENDPOINT = 'http://127.0.0.1:4747';

const PAGE = 100;

export type Client<Modules extends ModuleMap = ModuleMap> = ReturnType<typeof createClient<Modules>>;

/**
 * The API as functions: `createClient<Modules>()` with the `Modules` of jobs/index.ts has the compiler check module names and
 * inputs. `endpoint` is CARILLON_ENDPOINT or the local host; requests to a deployed stage are signed. Whatever is refused rejects with a
 * CarillonError.
 */
export function createClient<Modules extends ModuleMap = ModuleMap>(options: ClientOptions = {}) {
  const connection: Connection = { endpoint: process.env.CARILLON_ENDPOINT || LOCAL_ENDPOINT, ...options };
  const ask = async (request: Call): Promise<Answer['json']> => (await call(connection, request)).json;
  const get = (path: string, query: object = {}) => ask({ method: 'GET', path: withQuery(path, query) });
  const post = (path: string, body: object = {}, headers = {}) => ask({ method: 'POST', path, body, headers });
  const keyed = (path: string, body: object = {}) => post(path, body, { 'Idempotency-Key': crypto.randomUUID() });
  const jobPath = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;
  const runPath = (id: string, runId: string) => `${jobPath(id)}/runs/${encodeURIComponent(runId)}`;
  const write = (method: Call['method'], path: string, { ifRev, ifNew, dryRun }: WriteOptions, body?: object) =>
    ask({
      method,
      path: withQuery(path, { ...(dryRun && { dryRun: 'true' }) }),
      ...(body && { body }),
      headers: { ...(ifRev !== undefined && { 'If-Match': `"${ifRev}"` }), ...(ifNew && { 'If-None-Match': '*' }) },
    });

  /** Every row of a list, page after page as they are wanted. */
  async function* rows<Row>(path: string, member: string, query: object): AsyncGenerator<Row> {
    let pageToken: string | null | undefined;
    do {
      const page = await get(path, { limit: PAGE, ...query, ...(pageToken && { pageToken }) });
      yield* page[member] as Row[];
      pageToken = page.nextPageToken;
    } while (pageToken);
  }

  return {
    jobs: {
      /** Creates a job; sent again after a lost answer it is the same job. */
      create: (job: CreateJob<Modules>, { dryRun }: Pick<WriteOptions, 'dryRun'> = {}): Promise<JobAnswer> =>
        dryRun ? post('/v1/jobs?dryRun', job) : keyed('/v1/jobs', job),
      get: (id: string): Promise<JobAnswer> => get(jobPath(id)),
      /** Jobs in id order. */
      list: (query: JobQuery = {}): AsyncGenerator<JobRowAnswer> => rows('/v1/jobs', 'jobs', query),
      /** How many jobs there are, exact to 10,000. */
      count: async (): Promise<{ readonly total: number; readonly totalIsMinimum: boolean }> => {
        const { total, totalIsMinimum } = await get('/v1/jobs', { limit: 1 });
        return { total, totalIsMinimum };
      },
      /** Creates the job or replaces its definition as a whole. */
      put: (id: string, job: PutJob<Modules>, options: WriteOptions = {}): Promise<JobAnswer> => write('PUT', jobPath(id), options, job),
      /** Changes some members (RFC 7396 for `input` and `policies`). */
      patch: (id: string, patch: PatchJob, options: WriteOptions = {}): Promise<JobAnswer> => write('PATCH', jobPath(id), options, patch),
      delete: (id: string, options: WriteOptions = {}): Promise<void> => write('DELETE', jobPath(id), options),
      pause: (id: string, reason?: string): Promise<JobAnswer> => post(`${jobPath(id)}/pause`, { ...(reason !== undefined && { reason }) }),
      resume: (id: string): Promise<JobAnswer> => post(`${jobPath(id)}/resume`),
      /** Runs the job now, with its own input or another. */
      run: (id: string, input?: unknown): Promise<{ readonly runId: string }> =>
        keyed(`${jobPath(id)}/run`, { ...(input !== undefined && { input }) }),
      /** Runs the job for each due time from one instant to another, at most 1,000; with `dryRun` says which those are. */
      backfill: async (
        id: string,
        span: { readonly from: string; readonly to: string },
        { dryRun }: Pick<WriteOptions, 'dryRun'> = {},
      ): Promise<readonly { readonly dueAt: string; readonly runId?: string }[]> => {
        const path = `${jobPath(id)}/backfill`;
        return (await (dryRun ? post(`${path}?dryRun`, span) : keyed(path, span))).runs;
      },
    },
    runs: {
      get: (jobId: string, runId: string): Promise<RunAnswer> => get(runPath(jobId, runId)),
      /** The runs of a job, the newest first. */
      list: (jobId: string, query: { readonly state?: RunAnswer['state'] | undefined } = {}): AsyncGenerator<RunSummaryAnswer> =>
        rows(`${jobPath(jobId)}/runs`, 'runs', query),
      /** What failed or timed out for good, of all jobs, the newest first. */
      failed: (): AsyncGenerator<FailedRunAnswer> => rows('/v1/runs', 'runs', { state: 'failed' }),
      /** The log of the latest attempt; with the `after` of an answer the lines that came since. */
      log: (jobId: string, runId: string, after?: string): Promise<RunLogAnswer> => get(`${runPath(jobId, runId)}/log`, { after }),
      retry: (jobId: string, runId: string): Promise<{ readonly runId: string }> => keyed(`${runPath(jobId, runId)}/retry`),
      cancel: (jobId: string, runId: string): Promise<RunAnswer> => post(`${runPath(jobId, runId)}/cancel`),
    },
    modules: {
      list: async (): Promise<readonly ModuleAnswer[]> => (await get('/v1/modules')).modules,
      get: (name: string): Promise<ModuleAnswer> => get(`/v1/modules/${encodeURIComponent(name)}`),
    },
    /** Due times of all jobs, the nearest first. */
    upcoming: (span: { readonly from?: string; readonly to?: string } = {}): AsyncGenerator<UpcomingAnswer> =>
      rows('/v1/upcoming', 'upcoming', span),
    /** How many runs are due in each hour of the next days, by default 7. */
    load: (days?: number): Promise<LoadAnswer> => get('/v1/load', { days }),
    /** What a schedule means and when it would be due. */
    preview: (schedule: Preview): Promise<PreviewAnswer> => post('/v1/preview', schedule),
    health: (): Promise<HealthAnswer> => get('/v1/health'),
    /** Holds the stage: what falls due is skipped until it is released. */
    hold: (reason?: string): Promise<Pick<HealthAnswer, 'held'>> => post('/v1/hold', { ...(reason !== undefined && { reason }) }),
    release: (): Promise<Pick<HealthAnswer, 'held'>> => post('/v1/release'),
  };
}

function withQuery(path: string, query: object): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][]).toString();
  return text === '' ? path : `${path}?${text}`;
}
