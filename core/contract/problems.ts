/** Every way an API request can be refused; the key is the stable `code` of the answer. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request cannot be read' },
  forbidden: { status: 403, title: 'The request is not allowed from there' },
  unknownRoute: { status: 404, title: 'No such route' },
  unknownJob: { status: 404, title: 'No such job' },
  unknownModule: { status: 404, title: 'No such module' },
  noScheduleFile: { status: 404, title: 'The module has no .schedule file' },
  unknownRun: { status: 404, title: 'No such run' },
  methodNotAllowed: { status: 405, title: 'The route does not take this method' },
  exists: { status: 409, title: 'The job exists already' },
  deleting: { status: 409, title: 'A job of this id is still being deleted' },
  notEnded: { status: 409, title: 'The run has not ended yet' },
  ended: { status: 409, title: 'The run has ended already' },
  stale: { status: 412, title: 'The job was changed in the meantime' },
  tooLarge: { status: 413, title: 'The request is too large' },
  unsupportedMediaType: { status: 415, title: 'The body is not JSON' },
  unknownMember: { status: 422, title: 'The body has a member that is not known' },
  invalidId: { status: 422, title: 'The job id is not allowed' },
  invalidSchedule: { status: 422, title: 'The schedule cannot be read' },
  neverFires: { status: 422, title: 'The schedule can never be due' },
  unknownTimezone: { status: 422, title: 'No such time zone' },
  invalidPolicy: { status: 422, title: 'A policy is out of its range' },
  invalidInput: { status: 422, title: "The input does not fit the module's schema" },
  keyReused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'A service behind the API does not answer' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong with one member of a request: the member, what was received, the rule, the fix. */
export interface MemberError {
  /** JSON Pointer (RFC 6901) into the body; '' is the body itself. */
  readonly pointer: string;
  readonly code: ProblemCode;
  readonly received?: unknown;
  readonly rule: string;
  readonly fix: string;
  /** Names that were possible in its place; the answer shows the nearest as `suggestion`. */
  readonly candidates?: readonly string[];
}

/** An expected failure: its code, one sentence, and the members at fault. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly MemberError[];
}

/** The value asked for, or why there is none. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refused(
  code: ProblemCode,
  detail: string,
  errors: readonly MemberError[] = [],
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, detail, errors } };
}

/** An answer tells of this many members at most, and this much of what each had received. */
const MAX_ERRORS = 20;
const MAX_RECEIVED = 100;

/** Refuses a request for its members; the first one names the refusal. */
export function refusedFor(first: MemberError, ...others: MemberError[]): { readonly ok: false; readonly refusal: Refusal } {
  const received = typeof first.received === 'string' ? JSON.stringify(first.received.slice(0, MAX_RECEIVED)) : '';
  const place = `${first.pointer} ${received}`.trim() || 'the body';
  const errors = [first, ...others]
    .slice(0, MAX_ERRORS)
    .map((error) => (typeof error.received === 'string' ? { ...error, received: error.received.slice(0, MAX_RECEIVED) } : error));
  return refused(first.code, `${place}: ${first.rule}; ${first.fix}.`, errors);
}
