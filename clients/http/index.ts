export type { ClientOptions, CreateJob, JobQuery, ModuleMap, PatchJob, Preview, PutJob, WriteOptions } from './client.ts';
export { type Client, createClient, LOCAL_ENDPOINT } from './client.ts';
export { CarillonError } from './problem.ts';
