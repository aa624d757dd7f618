/** The errors of EventBridge Scheduler's API and their HTTP status (service model 2021-06-30; the last one is of all services). */
const STATUS = {
  ValidationException: 400,
  ServiceQuotaExceededException: 402,
  ResourceNotFoundException: 404,
  ConflictException: 409,
  ThrottlingException: 429,
  InternalServerException: 500,
  UnknownOperationException: 404,
} as const;

export class SchedulerError extends Error {
  readonly type: keyof typeof STATUS;
  readonly status: number;

  constructor(type: keyof typeof STATUS, message: string) {
    super(message);
    this.type = type;
    this.status = STATUS[type];
  }
}

export function invalid(message: string): SchedulerError {
  return new SchedulerError('ValidationException', message);
}

export function conflict(message: string): SchedulerError {
  return new SchedulerError('ConflictException', message);
}

export function notFound(kind: 'Schedule' | 'Schedule group', name: string): SchedulerError {
  return new SchedulerError('ResourceNotFoundException', `${kind} ${name} does not exist.`);
}
