import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const nothing = () => undefined;
/**
 * Of each call the SDK puts together what it would log, masked, for a logger that has `info`, its own silent one as well: of an answer
 * with 500 jobs that is a sixth of the time.
 */
const logger = { trace: nothing, debug: nothing, warn: console.warn, error: nothing } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/**
 * An answer that takes longer is taken for lost and asked for again: an API request must answer within 30 s. Without
 * `throwOnRequestTimeout` the SDK would only warn, and wait for ever.
 */
export const TIMEOUTS = {
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
  logger,
};

/** Else the SDK puts its forty middlewares in order anew for each call, a tenth of what a call costs; the document client wants it so. */
export const OTHERS = { ...TIMEOUTS, cacheMiddleware: true };

/** SDK clients; region, credentials and endpoints come from the environment, in Lambda and on a laptop alike. */
export function dynamoClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(TIMEOUTS), { marshallOptions: { removeUndefinedValues: true } });
}

export function schedulerClient(): SchedulerClient {
  return new SchedulerClient(OTHERS);
}

export function sqsClient(): SQSClient {
  return new SQSClient(OTHERS);
}
