/** Whom schedules are delivered to; each rejects with a TargetError what is not taken. */
export interface Targets {
  /** Queues an event for a function (InvocationType Event): for EventBridge Scheduler, queued is done. */
  lambda(arn: string, event: string): Promise<void>;
  /** Sends a message to a queue. */
  sqs(message: QueueMessage): Promise<void>;
  /** Told of an event that was given up and that no dead letter queue took. */
  dropped(scheduleArn: string, why: string): void;
}

export interface QueueMessage {
  readonly arn: string;
  readonly body: string;
  /** Of a FIFO queue. */
  readonly groupId?: string | undefined;
  /** All of them of type String. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Why a target did not take an event. */
export class TargetError extends Error {
  readonly code: string;
  /** Whether the same request may be taken later. */
  readonly isRetryable: boolean;

  constructor(code: string, message: string, isRetryable: boolean) {
    super(message);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}
