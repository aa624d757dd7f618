import { randomUUID } from 'node:crypto';
import type { LocalTime } from '../time.ts';
import type { StoredSchedule } from './store.ts';
import { callOf, kindOf } from './target.ts';
import { TargetError, type Targets } from './targets/targets.ts';

/** The first wait before a retry and the longest, in milliseconds; AWS publishes neither. */
const BACKOFF = { first: 1_000, longest: 300_000 };

/** Delivers invocations to their targets, again where that may help, and to the dead letter queue where it does not. */
export class Invocations {
  readonly #targets: Targets;
  readonly #time: LocalTime;
  readonly #attempts = new Set<Promise<void>>();

  constructor(targets: Targets, time: LocalTime) {
    this.#targets = targets;
    this.#time = time;
  }

  /** Resolves when no attempt is under way; what waits for its next one is none. */
  async idle(): Promise<void> {
    while (this.#attempts.size > 0) await Promise.all(this.#attempts);
  }

  async invoke(schedule: StoredSchedule, occurrence: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      let isOver: () => void = () => undefined;
      const underWay = new Promise<void>((resolve) => {
        isOver = resolve;
      });
      this.#attempts.add(underWay);
      const wait = await this.#attempt(schedule, occurrence, attempt);
      this.#attempts.delete(underWay);
      isOver();
      if (wait === undefined) return;
      await new Promise<void>((resolve) => this.#time.after(wait, resolve));
    }
  }

  /** Tries once; how long to wait before the next attempt, if there is one. */
  async #attempt(schedule: StoredSchedule, occurrence: number, attempt: number): Promise<number | undefined> {
    // Sixteen characters, of the source of chance that costs least: many may be due at once.
    const executionId = randomUUID().replaceAll('-', '').slice(-16);
    const payload = payloadOf(schedule, occurrence, attempt, executionId);
    const error = await this.#tryOnce(schedule, payload);
    if (!error) return undefined;
    const { RetryPolicy } = schedule.request.Target;
    const wait = Math.min(BACKOFF.first * 2 ** (attempt - 1), BACKOFF.longest);
    const isTooOld = this.#time.now() + wait > occurrence + RetryPolicy.MaximumEventAgeInSeconds * 1_000;
    const exhausted =
      attempt > RetryPolicy.MaximumRetryAttempts ? 'MaximumRetryAttempts' : isTooOld ? 'MaximumEventAgeInSeconds' : undefined;
    if (!error.isRetryable || exhausted) {
      await this.#bury(schedule, payload, {
        ERROR_CODE: error.code,
        ERROR_MESSAGE: error.message,
        EXECUTION_ID: executionId,
        ...(error.isRetryable && exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
        IS_PAYLOAD_TRUNCATED: 'false',
        RETRY_ATTEMPTS: String(attempt - 1),
        SCHEDULED_TIME: timeOf(occurrence),
      });
      return undefined;
    }
    return wait;
  }

  async #tryOnce({ request: { Target } }: StoredSchedule, payload: string): Promise<TargetError | undefined> {
    try {
      const kind = kindOf(Target.Arn);
      if (kind === 'lambda') await this.#targets.lambda(Target.Arn, payload);
      else if (kind === 'sqs') await this.#targets.sqs({ arn: Target.Arn, body: payload, groupId: Target.SqsParameters?.MessageGroupId });
      else
        return new TargetError('UnsupportedTarget', `${Target.Arn} is not delivered to here: Lambda functions and SQS queues are`, false);
      return undefined;
    } catch (error) {
      return error instanceof TargetError ? error : new TargetError('AWS.Scheduler.InternalServerError', String(error), true);
    }
  }

  /** Without a dead letter queue, or when it takes nothing, the event is dropped (User Guide, "configuring-schedule-dlq"). */
  async #bury({ arn, request: { Target } }: StoredSchedule, body: string, attributes: Record<string, string>): Promise<void> {
    const all = { ...attributes, SCHEDULE_ARN: arn, TARGET_ARN: `arn:aws:scheduler:::aws-sdk:${callOf(Target.Arn)}` };
    const why = `${attributes.ERROR_CODE}: ${attributes.ERROR_MESSAGE}`;
    const queue = Target.DeadLetterConfig?.Arn;
    if (queue === undefined) return this.#targets.dropped(arn, why);
    try {
      await this.#targets.sqs({ arn: queue, body, attributes: all });
    } catch (error) {
      this.#targets.dropped(arn, `${why}; and ${queue} did not take it: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** The text of one attempt: the Input with its context attributes filled in (User Guide, "context attributes"). */
function payloadOf(schedule: StoredSchedule, occurrence: number, attempt: number, executionId: string): string {
  const { Input } = schedule.request.Target;
  if (Input === undefined) return JSON.stringify(notification(schedule, occurrence));
  if (!Input.includes('<aws.scheduler.')) return Input;
  const attributes = new Map([
    ['schedule-arn', schedule.arn],
    ['scheduled-time', timeOf(occurrence)],
    ['execution-id', executionId],
    ['attempt-number', String(attempt)],
  ]);
  return Input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes.get(name) ?? whole);
}

/** What is delivered where no Input was given, as it was captured from AWS: `detail` is a text. */
function notification({ arn }: StoredSchedule, occurrence: number) {
  const [, , , region, account] = arn.split(':');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: timeOf(occurrence),
    region,
    resources: [arn],
    detail: '{}',
  };
}

function timeOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
