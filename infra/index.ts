/** What an app of one's own takes from Carillon: the construct, and what builds the functions that it deploys. */
export { bundleApart } from './bundle/index.ts';
export { JobScheduler, type JobSchedulerProps } from './job-scheduler.ts';
export type { RunnerLimits } from './runner.ts';
