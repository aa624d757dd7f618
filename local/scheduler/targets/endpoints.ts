import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AwsClient } from 'aws4fetch';
import { type QueueMessage, TargetError, type Targets } from './targets.ts';

export interface Endpoints {
  /** Whatever answers Lambda's Invoke. */
  readonly lambda?: string | undefined;
  /** Whatever answers SQS's SendMessage. */
  readonly sqs?: string | undefined;
  readonly dropped: Targets['dropped'];
}

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const ANSWERS_WITHIN = 10_000;

/** Targets at services that speak AWS's protocols. */
export function endpointTargets({ lambda, sqs, dropped }: Endpoints): Targets {
  const clients = new Map<string, SQSClient>();
  return {
    dropped,
    lambda: (arn, event) => invokeAt(given(lambda, 'Lambda', '--lambda'), arn, event),
    async sqs(message) {
      const endpoint = given(sqs, 'SQS', '--sqs');
      const region = message.arn.split(':')[3] ?? 'us-east-1';
      const client = clients.get(region) ?? new SQSClient({ endpoint, region, credentials: CREDENTIALS, maxAttempts: 1 });
      clients.set(region, client);
      await sendTo(client, endpoint, message);
    },
  };
}

function given(endpoint: string | undefined, service: string, option: string): string {
  if (endpoint !== undefined) return endpoint.replace(/\/$/, '');
  throw new TargetError('ResourceNotFoundException', `no ${service} endpoint was given (${option} http://…)`, false);
}

async function invokeAt(endpoint: string, arn: string, event: string): Promise<void> {
  const client = new AwsClient({ ...CREDENTIALS, service: 'lambda', region: arn.split(':')[3] ?? 'us-east-1', retries: 0 });
  const response = await client
    .fetch(`${endpoint}/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`, {
      method: 'POST',
      body: event,
      headers: { 'Content-Type': 'application/json', 'X-Amz-Invocation-Type': 'Event' },
      signal: AbortSignal.timeout(ANSWERS_WITHIN),
    })
    .catch((error) => {
      throw new TargetError(
        'AWS.Scheduler.InternalServerError',
        `${endpoint} does not answer: ${error.cause?.message ?? error.message}`,
        true,
      );
    });
  const text = await response.text();
  if (response.ok) return;
  const code = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? `HTTP ${response.status}`;
  throw new TargetError(code, text.slice(0, 1_000), response.status === 429 || response.status >= 500);
}

async function sendTo(client: SQSClient, endpoint: string, { arn, body, groupId, attributes = {} }: QueueMessage): Promise<void> {
  const [, , , , account, name] = arn.split(':');
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: 'String', StringValue }]),
  );
  const command = new SendMessageCommand({
    QueueUrl: `${endpoint}/${account}/${name}`,
    MessageBody: body,
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes }),
  });
  await client
    .send(command, { abortSignal: AbortSignal.timeout(ANSWERS_WITHIN) })
    .catch((error: Error & { $metadata?: { httpStatusCode?: number } }) => {
      const status = error.$metadata?.httpStatusCode;
      throw new TargetError(error.name, error.message || String(error), status === undefined || status === 429 || status >= 500);
    });
}
