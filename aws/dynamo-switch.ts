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
  return {
    async read() {
      const now = clock.now();
      if (known && now - known.at < FRESH_FOR && now >= known.at) return known.hold;
      const before = known;
      const { Item } = await client.send(new GetCommand({ TableName, Key: SWITCH_KEY }));
      const hold = Item ? held.parse(Item) : null;
      // What was written meanwhile by another request may not be in it.
      if (known === before) known = { hold, at: now };
      return hold;
    },
    async hold({ reason, at }) {
      await client.send(new PutCommand({ TableName, Item: { ...SWITCH_KEY, at, ...(reason !== null && { reason }) } }));
      known = { hold: { reason, at }, at: clock.now() };
    },
    async release() {
      await client.send(new DeleteCommand({ TableName, Key: SWITCH_KEY }));
      known = { hold: null, at: clock.now() };
    },
  };
}
