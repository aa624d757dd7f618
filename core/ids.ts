/** The name a user gives a job: `[A-Za-z0-9._-]{1,50}`, not `.` or `..`. */
export type JobId = string & { readonly __brand: 'JobId' };
/** What tells two jobs of the same id apart, one after the other; never changes and never shown. */
export type JobUid = string & { readonly __brand: 'JobUid' };
/** The folder of a module in jobs/: `[a-z0-9][a-z0-9_-]{0,63}`. */
export type ModuleName = string & { readonly __brand: 'ModuleName' };
/** The nominal instant `20270104T070000Z`, for other triggers followed by `-` and 8 base-32 letters. */
export type RunId = string & { readonly __brand: 'RunId' };

export const JOB_ID_RULE = 'a job id has 1 to 50 of the characters A-Z a-z 0-9 . _ - and is neither . nor ..';
export const MODULE_NAME_RULE = 'a module name has 1 to 64 of the characters a-z 0-9 _ - and starts with a letter or digit';

export function parseJobId(text: string): JobId | undefined {
  return /^[A-Za-z0-9._-]{1,50}$/.test(text) && text !== '.' && text !== '..' ? (text as JobId) : undefined;
}

export function parseModuleName(text: string): ModuleName | undefined {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text) ? (text as ModuleName) : undefined;
}

/** The class of runner that a module asks for where it names none. */
export const DEFAULT_RUNNER = 'default';
export const RUNNER_RULE = 'a runner class has 1 to 20 of the characters a-z 0-9 - and starts with a letter';

export function isRunnerClass(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z][a-z0-9-]{0,19}$/.test(text);
}

export function parseRunId(text: string): RunId | undefined {
  return /^\d{8}T\d{6}Z(-[a-z2-7]{8})?$/.test(text) ? (text as RunId) : undefined;
}

const BASE_32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Writes random bytes, five bits of each, in lower-case base 32. */
export function base32(bytes: Uint8Array): string {
  return [...bytes].map((byte) => BASE_32[byte & 31]).join('');
}

/** How many random bytes the ids take: 60 bits keep uids apart, 40 bits the requests of one second. */
export const UID_BYTES = 12;
export const SUFFIX_BYTES = 8;

/** The run of the occurrence due at that instant. */
export function runIdOf(dueAt: number): RunId {
  return new Date(dueAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').concat('Z') as RunId;
}

/** The run that someone asked for at that instant; the suffix keeps two requests of one second apart. */
export function requestedRunId(requestedAt: number, suffix: string): RunId {
  return `${runIdOf(requestedAt)}-${suffix}` as RunId;
}

/** The instant in a run's id: its due time, or when it was asked for. */
export function instantOf(runId: RunId): number {
  return Date.parse(runId.slice(0, 16).replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}
