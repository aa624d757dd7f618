import { createHash } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { KeyedAnswer, KeyedRequest, KeyStore } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';
import * as z from '../core/zod.ts';
import { json, orNull, text, whole } from './attributes.ts';
import { idempotencyKey, TTL_ATTRIBUTE } from './table.ts';
import { conditionHolds, type Table } from './table-client.ts';

const KEPT_FOR = 24 * 3_600_000;

const keyed = z.object({
  body: text,
  seed: text,
  at: whole,
  answer: orNull(json as z.ZodMiniType<KeyedAnswer, string>),
});

/** Requests by their Idempotency-Key, kept for a day; the key itself is kept as a digest. */
export function dynamoKeys({ client, name: TableName }: Table): KeyStore {
  const keyOf = (key: string) => idempotencyKey(digest(key));

  return {
    async begin(key, request) {
      for (;;) {
        const begun = await conditionHolds(
          client.send(new PutCommand({ TableName, Item: itemOf(key, request), ...unlessKept(request.at) })),
        );
        if (begun) return request;
        const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
        // Gone in between: a request that came to nothing.
        if (Item) return keyed.parse(Item);
      }
    },
    async answer(key, request, answer) {
      const Item = { ...itemOf(key, request), answer: JSON.stringify(answer) };
      await client.send(new PutCommand({ TableName, Item }));
    },
    async forget(key, { seed }) {
      const condition = {
        ConditionExpression: 'seed = :seed AND attribute_not_exists(answer)',
        ExpressionAttributeValues: { ':seed': seed },
      };
      await conditionHolds(client.send(new DeleteCommand({ TableName, Key: keyOf(key), ...condition })));
    },
  };

  function itemOf(key: string, { body, seed, at }: KeyedRequest) {
    return { ...keyOf(key), body, seed, at, [TTL_ATTRIBUTE]: Math.ceil((at + KEPT_FOR) / 1000) };
  }
}

/** AWS deletes an item days after its time. */
function unlessKept(now: Instant) {
  return {
    ConditionExpression: 'attribute_not_exists(pk) OR #at <= :old',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':old': now - KEPT_FOR },
  };
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
