import type * as z from '../zod.ts';
import * as answers from './answers.ts';
import * as bodies from './bodies.ts';
import type { ProblemCode } from './problems.ts';
import {
  failuresQuery,
  jobQuery,
  jobsQuery,
  loadQuery,
  logQuery,
  type QueryRules,
  runsQuery,
  upcomingQuery,
  writeQuery,
} from './queries.ts';

/** One route of the API as its document describes it. */
export interface Route {
  readonly name: string;
  readonly summary: string;
  readonly query?: QueryRules;
  readonly isPaged?: boolean;
  readonly body?: { readonly schema: z.ZodMiniType; readonly isOptional?: boolean };
  readonly headers?: readonly Header[];
  /** By status; null = no body. */
  readonly answers: Readonly<Record<number, z.ZodMiniType | null>>;
  /** How it can be refused, beyond what holds for every route. */
  readonly problems: readonly ProblemCode[];
}

export type Header = 'If-Match' | 'If-None-Match' | 'Idempotency-Key';

/** Any request may be refused so. */
export const ANY: readonly ProblemCode[] = ['malformed', 'internal', 'unavailable'];
const OF_BODY: readonly ProblemCode[] = ['tooLarge', 'unsupportedMediaType', 'unknownMember'];
const OF_DEFINITION: readonly ProblemCode[] = [
  ...OF_BODY,
  'unknownModule',
  'noScheduleFile',
  'invalidSchedule',
  'neverFires',
  'unknownTimezone',
  'invalidPolicy',
  'invalidInput',
];

type Table = Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Route>>>>>;

const job = (method: Omit<Route, 'answers'> & { readonly answers?: Route['answers'] }): Route => ({
  answers: { 200: answers.job },
  ...method,
});

/** Every route, by path and method. */
export const ROUTES: Table = {
  '/v1/jobs': {
    GET: {
      name: 'listJobs',
      summary: 'Jobs in id order, narrowed down by module, tag, state and text',
      query: jobsQuery,
      isPaged: true,
      answers: { 200: answers.jobPage },
      problems: [],
    },
    POST: job({
      name: 'createJob',
      summary: 'Creates a job',
      query: writeQuery,
      headers: ['Idempotency-Key'],
      body: { schema: bodies.createJobBody },
      answers: { 201: answers.job },
      problems: [...OF_DEFINITION, 'invalidId', 'exists', 'deleting', 'keyReused'],
    }),
  },
  '/v1/jobs/{id}': {
    GET: job({
      name: 'getJob',
      summary: 'One job, with its next 5 due times, or as many as `nextRuns` says (at most 100)',
      query: jobQuery,
      problems: ['unknownJob'],
    }),
    PUT: job({
      name: 'putJob',
      summary: 'Creates a job, or replaces its definition as a whole',
      query: writeQuery,
      headers: ['If-Match', 'If-None-Match'],
      body: { schema: bodies.putJobBody },
      answers: { 200: answers.job, 201: answers.job },
      problems: [...OF_DEFINITION, 'invalidId', 'unknownJob', 'stale', 'exists', 'deleting'],
    }),
    PATCH: job({
      name: 'patchJob',
      summary: 'Changes some members: input and policies are merged (RFC 7396), others replaced',
      query: writeQuery,
      headers: ['If-Match'],
      body: { schema: bodies.patchJobBody },
      problems: [...OF_DEFINITION, 'unknownJob', 'stale'],
    }),
    DELETE: {
      name: 'deleteJob',
      summary: 'Deletes a job',
      query: writeQuery,
      headers: ['If-Match'],
      answers: { 204: null },
      problems: ['unknownJob', 'stale'],
    },
  },
  '/v1/jobs/{id}/pause': {
    POST: job({
      name: 'pauseJob',
      summary: 'Pauses a job: it has no due times until it is resumed',
      headers: ['If-Match'],
      body: { schema: bodies.reasonBody, isOptional: true },
      problems: [...OF_BODY, 'unknownJob', 'stale'],
    }),
  },
  '/v1/jobs/{id}/resume': {
    POST: job({
      name: 'resumeJob',
      summary: 'Resumes a paused job',
      headers: ['If-Match'],
      body: { schema: bodies.emptyBody, isOptional: true },
      problems: [...OF_BODY, 'unknownJob', 'stale'],
    }),
  },
  '/v1/jobs/{id}/run': {
    POST: {
      name: 'runJob',
      summary: 'Runs a job now, with its own input or another',
      headers: ['Idempotency-Key'],
      body: { schema: bodies.runJobBody, isOptional: true },
      answers: { 202: answers.requested },
      problems: [...OF_BODY, 'unknownJob', 'unknownModule', 'invalidInput', 'keyReused'],
    },
  },
  '/v1/jobs/{id}/backfill': {
    POST: {
      name: 'backfillJob',
      summary: 'Asks for a run for each due time of a span, past ones too, at most 1,000',
      query: writeQuery,
      headers: ['Idempotency-Key'],
      body: { schema: bodies.backfillBody },
      answers: { 200: answers.backfilled, 202: answers.backfilled },
      problems: [...OF_BODY, 'unknownJob', 'unknownModule', 'keyReused'],
    },
  },
  '/v1/jobs/{id}/runs': {
    GET: {
      name: 'listRuns',
      summary: "A job's runs, the newest first",
      query: runsQuery,
      isPaged: true,
      answers: { 200: answers.runPage },
      problems: ['unknownJob'],
    },
  },
  '/v1/jobs/{id}/runs/{runId}': {
    GET: {
      name: 'getRun',
      summary: 'One run with its attempts, output and log',
      answers: { 200: answers.run },
      problems: ['unknownJob', 'unknownRun'],
    },
  },
  '/v1/jobs/{id}/runs/{runId}/log': {
    GET: {
      name: 'getRunLog',
      summary: 'The log of the latest attempt: with `after` of an answer the lines that came since',
      query: logQuery,
      answers: { 200: answers.runLog },
      problems: ['unknownJob', 'unknownRun'],
    },
  },
  '/v1/jobs/{id}/runs/{runId}/retry': {
    POST: {
      name: 'retryRun',
      summary: 'Does a run that has ended again, as a new run',
      headers: ['Idempotency-Key'],
      body: { schema: bodies.emptyBody, isOptional: true },
      answers: { 202: answers.requested },
      problems: [...OF_BODY, 'unknownJob', 'unknownRun', 'unknownModule', 'invalidInput', 'notEnded', 'keyReused'],
    },
  },
  '/v1/jobs/{id}/runs/{runId}/cancel': {
    POST: {
      name: 'cancelRun',
      summary: 'Cancels a run that waits at once (200), one that is running within seconds (202)',
      body: { schema: bodies.emptyBody, isOptional: true },
      answers: { 200: answers.run, 202: answers.run },
      problems: [...OF_BODY, 'unknownJob', 'unknownRun', 'ended'],
    },
  },
  '/v1/runs': {
    GET: {
      name: 'listFailures',
      summary: 'What failed or timed out for good, of all jobs, the newest first',
      query: failuresQuery,
      isPaged: true,
      answers: { 200: answers.failurePage },
      problems: [],
    },
  },
  '/v1/upcoming': {
    GET: {
      name: 'listUpcoming',
      summary: 'The due times of all jobs, the nearest first; by default those of the next day',
      query: upcomingQuery,
      isPaged: true,
      answers: { 200: answers.upcomingPage },
      problems: [],
    },
  },
  '/v1/load': {
    GET: {
      name: 'getLoad',
      summary: 'How many runs are due in each hour of the next days: by default 7, at most 31',
      query: loadQuery,
      answers: { 200: answers.load },
      problems: [],
    },
  },
  '/v1/preview': {
    POST: {
      name: 'preview',
      summary: 'Says what a schedule means and when it would be due; creates nothing',
      body: { schema: bodies.previewBody },
      answers: { 200: answers.previewed },
      problems: [...OF_BODY],
    },
  },
  '/v1/modules': {
    GET: { name: 'listModules', summary: 'The modules of this deployment', answers: { 200: answers.modules }, problems: [] },
  },
  '/v1/modules/{name}': {
    GET: {
      name: 'getModule',
      summary: 'One module with the JSON Schema of its input',
      answers: { 200: answers.module },
      problems: ['unknownModule'],
    },
  },
  '/v1/health': { GET: { name: 'health', summary: 'How the stage is', answers: { 200: answers.health }, problems: [] } },
  '/v1/hold': {
    POST: {
      name: 'hold',
      summary: 'Holds the stage: what falls due is skipped',
      body: { schema: bodies.reasonBody, isOptional: true },
      answers: { 200: answers.held },
      problems: [...OF_BODY],
    },
  },
  '/v1/release': {
    POST: {
      name: 'release',
      summary: 'Ends a hold',
      body: { schema: bodies.emptyBody, isOptional: true },
      answers: { 200: answers.held },
      problems: [...OF_BODY],
    },
  },
};
