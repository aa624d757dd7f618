import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { InvocationResult } from '../lambda/execution-environment.ts';
import { onlyForPrograms, readText } from '../loopback.ts';
import type { LocalTime } from '../time.ts';

/** SQS's limits: a message's size, its longest delay, how many messages a batch has. */
const LIMITS = { messageBytes: 1024 * 1024, delaySeconds: 900, batch: 10 };

export interface DelayQueueOptions {
  readonly arn: string;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  /** The event source mapping's function, batch size 1. */
  deliver(event: unknown, lineage: number): Promise<InvocationResult>;
  deadLetter(body: string): void;
  readonly time: LocalTime;
}

interface SendMessage {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
}

interface Sent {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
}

interface Refused {
  readonly code: string;
  readonly message: string;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  /** How many invocations led to it. */
  readonly lineage: number;
  receiveCount: number;
}

/** One SQS queue with its event source mapping: takes SendMessage and its batches over SQS's JSON protocol and delivers after the delay. */
export class DelayQueue {
  readonly server: Server;
  readonly #options: DelayQueueOptions;
  readonly #time: LocalTime;
  readonly #timers = new Set<() => void>();
  #stopped = false;

  constructor(options: DelayQueueOptions) {
    this.#options = options;
    this.#time = options.time;
    this.server = createServer(
      onlyForPrograms(
        (request, response) =>
          void this.#answer(request, response).catch(() => refuse(response, 'InvalidParameterValue', 'The request cannot be read.')),
      ),
    );
  }

  /** What Lambda and SQS themselves put into a queue. */
  send(body: string): void {
    this.#send({ MessageBody: body }, 0);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request, LIMITS.messageBytes * 2);
    const operation = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
    const lineage = lineageOf(request);
    const body = JSON.parse(text ?? '{}') as SendMessage & { Entries?: (SendMessage & { Id: string })[] };
    if (operation === 'SendMessage') {
      const sent = this.#send(body, lineage);
      return 'code' in sent ? refuse(response, sent.code, sent.message) : respond(response, 200, sent);
    }
    if (operation !== 'SendMessageBatch')
      return refuse(response, 'UnsupportedOperation', `The local queue does not have ${operation || 'that operation'}.`);
    const entries = body.Entries ?? [];
    if (entries.length === 0)
      return refuse(response, 'EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.');
    if (entries.length > LIMITS.batch)
      return refuse(
        response,
        'TooManyEntriesInBatchRequest',
        `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
      );
    const Successful: unknown[] = [];
    const Failed: unknown[] = [];
    for (const entry of entries) {
      const sent = this.#send(entry, lineage);
      if ('code' in sent) Failed.push({ Id: entry.Id, SenderFault: true, Code: sent.code, Message: sent.message });
      else Successful.push({ Id: entry.Id, ...sent });
    }
    respond(response, 200, { Successful, Failed });
  }

  #send({ MessageBody: body, DelaySeconds: delay = 0 }: SendMessage, lineage: number): Sent | Refused {
    if (typeof body !== 'string' || body === '')
      return { code: 'MissingRequiredParameterException', message: 'The request must contain the parameter MessageBody.' };
    if (Buffer.byteLength(body) > LIMITS.messageBytes)
      return invalid('One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.');
    if (!Number.isInteger(delay) || delay < 0 || delay > LIMITS.delaySeconds)
      return invalid(`Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`);
    const message: Message = { id: randomUUID(), body, sentAt: this.#time.now(), lineage, receiveCount: 0 };
    this.#after(delay * 1000, message);
    return { MessageId: message.id, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  }

  #after(ms: number, message: Message): void {
    if (this.#stopped) return;
    const cancel = this.#time.after(ms, () => {
      this.#timers.delete(cancel);
      void this.#receive(message);
    });
    this.#timers.add(cancel);
  }

  /** Delivers; a message whose delivery fails is seen again when its visibility timeout is over. */
  async #receive(message: Message): Promise<void> {
    message.receiveCount += 1;
    const receivedAt = this.#time.now();
    const result = await this.#options.deliver({ Records: [record(message, this.#options.arn)] }, message.lineage);
    if (result.ok && !hasFailures(result.value)) return;
    if (message.receiveCount >= this.#options.maxReceiveCount) return this.#options.deadLetter(message.body);
    this.#after(Math.max(0, this.#options.visibilityTimeoutMs - (this.#time.now() - receivedAt)), message);
  }
}

/** What the SDK says in a function of how it came to be invoked. */
function lineageOf({ headers }: IncomingMessage): number {
  return Number(/Lineage=(\d+):/.exec(String(headers['x-amzn-trace-id']))?.[1] ?? 0);
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

function invalid(message: string): Refused {
  return { code: 'InvalidParameterValue', message };
}

function refuse(response: ServerResponse, code: string, message: string): void {
  respond(response, 400, { __type: `com.amazonaws.sqs#${code}`, message });
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
