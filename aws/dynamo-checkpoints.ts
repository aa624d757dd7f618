import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobId } from '../core/ids.ts';
import type { Checkpoints } from '../core/ports.ts';
import * as z from '../core/zod.ts';
import { flag, orNull, stored, text, whole, wholeOrZero } from './attributes.ts';
import { CHECKPOINT_KEY } from './table.ts';
import { conditionHolds, type Table } from './table-client.ts';

const instant = z.nullable(whole);
const open = orNull(z.array(stored<JobId>()));
const checkpoint = z.object({
  accountedTo: instant,
  open,
  comparedAt: instant,
  failuresTo: instant,
  recheck: orNull(z.object({ from: whole, firstAt: whole, lastAt: whole })),
  walk: z.nullable(
    z.object({
      from: whole,
      to: whole,
      compares: z.boolean(),
      rechecks: flag,
      sent: wholeOrZero,
      open,
      after: z.nullable(text),
      id: z.nullable(stored<JobId>()),
      listed: whole,
      deleted: whole,
      failed: whole,
      unlisted: flag,
    }),
  ),
});

const NEW = { accountedTo: null, open: null, comparedAt: null, recheck: null, failuresTo: null, walk: null };

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
