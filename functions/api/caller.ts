import type { Context } from 'hono';
import type { LambdaEvent } from 'hono/aws-lambda';

/** Who sent a request, as API Gateway's authorizer tells: an IAM ARN, or the subject of a JWT; undefined where nobody was asked. */
export function callerOf(c: Context): string | undefined {
  const event = c.env?.event as LambdaEvent | undefined;
  const authorizer = (event?.requestContext as { readonly authorizer?: Authorizer } | undefined)?.authorizer;
  return authorizer?.iam?.userArn ?? authorizer?.jwt?.claims?.sub;
}

/** Of an event of payload 2.0 (API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs"). */
interface Authorizer {
  readonly iam?: { readonly userArn?: string };
  readonly jwt?: { readonly claims?: { readonly sub?: string } };
}
