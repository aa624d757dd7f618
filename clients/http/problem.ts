import type { ProblemAnswer } from '../../core/contract/answers.ts';

/** Why the API did not do what it was asked: its problem document (RFC 9457), with the stable `code` to switch on. */
export class CarillonError extends Error {
  readonly status: number;
  /**
   * As in the API's table; `unreachable` when there was no answer, `http` when it was none of the API's, `noCredentials` when the
   * request could not be signed.
   */
  readonly code: ProblemAnswer['code'] | 'unreachable' | 'http' | 'noCredentials';
  /** The members at fault, with `rule`, `fix` and, where one is near, a `suggestion`. */
  readonly errors: ProblemAnswer['errors'];

  constructor(status: number, code: CarillonError['code'], message: string, errors: ProblemAnswer['errors'] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CarillonError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  /** The nearest name to the one that was not known, if there is one. */
  get suggestion(): string | undefined {
    return this.errors.find(({ suggestion }) => suggestion !== null)?.suggestion ?? undefined;
  }
}

/** The error that an answer stands for. */
export function errorOf(status: number, json: unknown): CarillonError {
  const { code, detail, errors } = (json ?? {}) as Partial<ProblemAnswer>;
  if (code !== undefined && detail !== undefined) return new CarillonError(status, code, detail, errors);
  return new CarillonError(
    status,
    'http',
    `The answer was ${status}${status === 403 ? ': the request was not allowed (credentials?)' : ''}.`,
  );
}
