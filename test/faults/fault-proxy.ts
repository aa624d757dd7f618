import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import { close, listen, readText } from '../../local/loopback.ts';

export type Service = 'dynamodb' | 'scheduler' | 'sqs';

/** What becomes of a request: an answer of AWS's own, no answer, or one answer too few or too many. */
export type Fault = 'error' | 'throttle' | 'dropBefore' | 'dropAfter' | 'hang' | 'duplicate';
export const FAULTS: readonly Fault[] = ['error', 'throttle', 'dropBefore', 'dropAfter', 'hang', 'duplicate'];

/** What befalls a request, given its operation and its text. */
export type FaultFor = (service: Service, operation: string, text: string) => Fault | undefined;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const MAX_BODY = 4 * 1024 * 1024;

/** Stands between the SDK and one of the local services, speaks AWS's error envelopes, and counts what passes. */
export class FaultProxy {
  readonly #server: Server;
  readonly #service: Service;
  readonly #upstream: string;
  readonly #faultFor: FaultFor;
  /** How often each operation reached the service. */
  readonly passed = new Map<string, number>();
  /** How many requests nobody waited for any more when their answer came, though nothing was put in their way. */
  givenUp = 0;
  /** The lengths of the requests that passed. */
  readonly sizes: number[] = [];
  url = '';

  constructor(service: Service, upstream: string, faultFor: FaultFor) {
    this.#service = service;
    this.#upstream = upstream;
    this.#faultFor = faultFor;
    this.#server = createServer((request, response) => void this.#answer(request, response).catch(() => response.destroy()));
  }

  async start(): Promise<this> {
    this.url = `http://127.0.0.1:${await listen(this.#server)}`;
    return this;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return close(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readText(request, MAX_BODY)) ?? '';
    const operation = operationOf(this.#service, request);
    const pass = () => {
      this.sizes.push(body.length);
      this.passed.set(operation, (this.passed.get(operation) ?? 0) + 1);
      return forward(this.#upstream, request, body);
    };
    switch (this.#faultFor(this.#service, operation, request.url + body)) {
      case undefined:
        response.once('close', () => {
          if (!response.writableFinished) this.givenUp++;
        });
        return respond(response, await pass());
      case 'error':
        return respond(response, errorOf(this.#service, 'error'));
      case 'throttle':
        return respond(response, errorOf(this.#service, 'throttle'));
      case 'dropBefore':
        return void response.destroy();
      case 'dropAfter':
        await pass();
        return void response.destroy();
      case 'hang':
        return;
      case 'duplicate':
        await pass();
        return respond(response, await pass());
    }
  }
}

function operationOf(service: Service, request: IncomingMessage): string {
  if (service !== 'scheduler') return String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const names: Record<string, string> = { POST: 'CreateSchedule', PUT: 'UpdateSchedule', GET: 'GetSchedule', DELETE: 'DeleteSchedule' };
  return request.url?.startsWith('/schedules?') ? 'ListSchedules' : (names[request.method ?? ''] ?? '');
}

/** As the services write them: DynamoDB and SQS name the type in the body, Scheduler in a header. */
function errorOf(service: Service, fault: 'error' | 'throttle'): Answer {
  const json = { 'Content-Type': 'application/x-amz-json-1.0' };
  if (service === 'scheduler') {
    const type = fault === 'error' ? 'InternalServerException' : 'ThrottlingException';
    return {
      status: fault === 'error' ? 500 : 429,
      headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': type },
      body: '{"Message":"injected"}',
    };
  }
  const type =
    service === 'dynamodb'
      ? `com.amazonaws.dynamodb.v20120810#${fault === 'error' ? 'InternalServerError' : 'ProvisionedThroughputExceededException'}`
      : `com.amazonaws.sqs#${fault === 'error' ? 'InternalError' : 'RequestThrottled'}`;
  return { status: fault === 'error' ? 500 : 400, headers: json, body: JSON.stringify({ __type: type, message: 'injected' }) };
}

function forward(upstream: string, request: IncomingMessage, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...headers } = request.headers;
    const outgoing = send(new URL(request.url ?? '/', upstream), { method: request.method ?? 'POST', headers }, (answer) => {
      answer.setEncoding('utf8');
      let text = '';
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      const kept = ['content-type', 'x-amzn-errortype', 'x-amz-crc32'];
      const shown = Object.fromEntries(kept.flatMap((name) => (answer.headers[name] ? [[name, String(answer.headers[name])]] : [])));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 500, headers: shown, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
