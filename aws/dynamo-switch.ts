import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, Hold, StageSwitch } from '../core/ports.ts';
import type { Instant } from '../core/schedule/schedule.ts';
import * as z from '../core/zod.ts';
import { textOrNull, whole } from './attributes.ts';
import { SWITCH_KEY } from './table.ts';
import type { Table } from './table-client.ts';

/** What was read is used again for this long: a run costs no read of its own. */
const FRESH_FOR = 5_000;

const held = z.object({ reason: textOrNull, at: whole });

/** The switch of a stage, one item of the table. */
export function dynamoSwitch({ client, name: TableName }: Table, clock: Clock): StageSwitch {
  let known: { readonly hold: Hold | null; readonly at: Instant } | undefined;
  async function look(ConsistentRead: boolean): Promise<Hold | null> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: SWITCH_KEY, ConsistentRead }));
    return Item ? held.parse(Item) : null;
  }
  return {
    async read() {
      const now = clock.now();
      if (known && now - known.at < FRESH_FOR && now >= known.at) return known.hold;
      known = { hold: await look(false), at: now };
      return known.hold;
    },
    look: () => look(true),
    async hold({ reason, at }) {
      await client.send(new PutCommand({ TableName, Item: { ...SWITCH_KEY, at, ...(reason !== null && { reason }) } }));
    },
    async release() {
      await client.send(new DeleteCommand({ TableName, Key: SWITCH_KEY }));
    },
  };
}
