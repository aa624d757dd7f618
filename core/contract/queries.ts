/** What a member of a query may be: any text, one of these, or a flag: there, `true` or `false`. */
export type QueryRule = 'text' | 'flag' | readonly string[];
export type QueryRules = Readonly<Record<string, QueryRule>>;

/** Members of every list; they are read by themselves. */
export const PAGING = { limit: 'text', pageToken: 'text' } as const satisfies QueryRules;

export const JOB_STATES = ['active', 'paused', 'completed'] as const;

export const jobsQuery = {
  module: 'text',
  tag: 'text',
  set: 'text',
  state: JOB_STATES,
  q: 'text',
  include: ['outcomes'],
} as const satisfies QueryRules;
export const jobQuery = { nextRuns: 'text' } as const satisfies QueryRules;
export const runsQuery = {
  state: ['waiting', 'running', 'succeeded', 'failed', 'timedOut', 'cancelled', 'skipped', 'missed'],
} as const satisfies QueryRules;
export const failuresQuery = { state: ['failed'] } as const satisfies QueryRules;
export const upcomingQuery = { from: 'text', to: 'text' } as const satisfies QueryRules;
export const writeQuery = { dryRun: 'flag' } as const satisfies QueryRules;
export const loadQuery = { days: 'text' } as const satisfies QueryRules;
export const logQuery = { after: 'text' } as const satisfies QueryRules;
