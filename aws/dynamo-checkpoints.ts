import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { JobId } from '../core/ids.ts';
import type { Checkpoints } from '../core/ports.ts';
import { CHECKPOINT_KEY } from './table.ts';
import { conditionHolds, type Table } from './table-client.ts';

const instant = z.int().nullable();
const checkpoint = z.object({
  accountedTo: instant,
  comparedAt: instant,
  failuresTo: instant,
  recheck: z.object({ from: z.int(), firstAt: z.int(), lastAt: z.int() }).nullable().default(null),
  walk: z
    .object({
      from: z.int(),
      to: z.int(),
      compares: z.boolean(),
      rechecks: z.boolean().default(false),
      sent: z.int().default(0),
      after: z.string().nullable(),
      id: z
        .string()
        .transform((text) => text as JobId)
        .nullable(),
      listed: z.int(),
      deleted: z.int(),
      failed: z.int(),
      unlisted: z.boolean().default(false),
    })
    .nullable(),
});

const NEW = { accountedTo: null, comparedAt: null, recheck: null, failuresTo: null, walk: null };

/** The reconciler's checkpoint, one item of the table; a lease keeps two passes apart. */
export function dynamoCheckpoints({ client, name: TableName }: Table): Checkpoints {
  const update = (UpdateExpression: string, ConditionExpression: string, values: Record<string, unknown>) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: CHECKPOINT_KEY,
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames: {
          '#owner': 'owner',
          ...(/#until/.test(UpdateExpression + ConditionExpression) && { '#until': 'until' }),
        },
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
      }),
    );
  return {
    async take(owner, now, until) {
      let text: unknown;
      const taken = await conditionHolds(
        update('SET #owner = :owner, #until = :until', 'attribute_not_exists(#owner) OR #owner = :owner OR #until <= :now', {
          ':owner': owner,
          ':now': now,
          ':until': until,
        }).then(({ Attributes }) => {
          text = Attributes?.checkpoint;
        }),
      );
      if (!taken) return undefined;
      return typeof text === 'string' ? checkpoint.parse(JSON.parse(text)) : NEW;
    },
    async save(owner, saved) {
      const write = update('SET checkpoint = :checkpoint', '#owner = :owner', { ':owner': owner, ':checkpoint': JSON.stringify(saved) });
      return (await conditionHolds(write)) ? 'saved' : 'lost';
    },
    async giveBack(owner) {
      await conditionHolds(update('REMOVE #owner, #until', '#owner = :owner', { ':owner': owner }));
    },
  };
}
