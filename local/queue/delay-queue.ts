import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { InvocationResult } from '../lambda/execution-environment.ts';
import { onlyForPrograms, readText } from '../loopback.ts';

/** SQS's limits: a message's size, its longest delay, how often it is received before it goes to the dead letters. */
const LIMITS = { messageBytes: 1024 * 1024, delaySeconds: 900 };

export interface DelayQueueOptions {
  readonly arn: string;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  /** The event source mapping's function, batch size 1. */
  deliver(event: unknown): Promise<InvocationResult>;
  deadLetter(body: string): void;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
}

/** One SQS queue with its event source mapping: takes SendMessage over SQS's JSON protocol and delivers after the delay. */
export class DelayQueue {
  readonly server: Server;
  readonly #options: DelayQueueOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(options: DelayQueueOptions) {
    this.#options = options;
    this.server = createServer(
      onlyForPrograms(
        (request, response) =>
          void this.#answer(request, response).catch(() => refuse(response, 'InvalidParameterValue', 'The request cannot be read.')),
      ),
    );
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request, LIMITS.messageBytes * 2);
    const operation = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
    if (operation !== 'SendMessage')
      return refuse(response, 'UnsupportedOperation', `The local queue does not have ${operation || 'that operation'}.`);
    const { MessageBody: body, DelaySeconds: delay = 0 } = JSON.parse(text ?? '{}') as { MessageBody?: string; DelaySeconds?: number };
    if (typeof body !== 'string' || body === '')
      return refuse(response, 'MissingRequiredParameterException', 'The request must contain the parameter MessageBody.');
    if (Buffer.byteLength(body) > LIMITS.messageBytes)
      return refuse(
        response,
        'InvalidParameterValue',
        'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
      );
    if (!Number.isInteger(delay) || delay < 0 || delay > LIMITS.delaySeconds) {
      return refuse(
        response,
        'InvalidParameterValue',
        `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const message: Message = { id: randomUUID(), body, sentAt: Date.now(), receiveCount: 0 };
    this.#after(delay * 1000, message);
    respond(response, 200, { MessageId: message.id, MD5OfMessageBody: createHash('md5').update(body).digest('hex') });
  }

  #after(ms: number, message: Message): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#receive(message);
    }, ms);
    this.#timers.add(timer);
  }

  /** Delivers; a message whose delivery fails is seen again when its visibility timeout is over. */
  async #receive(message: Message): Promise<void> {
    message.receiveCount += 1;
    const receivedAt = Date.now();
    const result = await this.#options.deliver({ Records: [record(message, this.#options.arn)] });
    if (result.ok && !hasFailures(result.value)) return;
    if (message.receiveCount >= this.#options.maxReceiveCount) return this.#options.deadLetter(message.body);
    this.#after(Math.max(0, this.#options.visibilityTimeoutMs - (Date.now() - receivedAt)), message);
  }
}

function record({ id, body, sentAt, receiveCount }: Message, arn: string) {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3],
  };
}

function hasFailures(response: unknown): boolean {
  return ((response as { batchItemFailures?: unknown[] } | null)?.batchItemFailures?.length ?? 0) > 0;
}

function refuse(response: ServerResponse, code: string, message: string): void {
  respond(response, 400, { __type: `com.amazonaws.sqs#${code}`, message });
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
