import { expect, it } from 'vitest';
import { deliverEvent } from '../../../functions/runner/deliver-event.ts';
import { worldWithJob } from '../../support/world.ts';

const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };

/** Fans out the first minute of `rate(10 seconds)` 600 ms after a second; what is sent, each with the instant it arrives at. */
async function fannedOut(lastEndedAgo: number | undefined) {
  const w = await worldWithJob('noop', { schedule: 'rate(10 seconds)' });
  const [prime] = w.queue.sent.splice(0);
  await w.clock.advance(600);
  const began = w.clock.now();
  const event = { Records: [{ messageId: 'm', body: JSON.stringify(prime?.message) }] };
  const delivery = deliverEvent(w.runner, event, context, lastEndedAgo === undefined ? undefined : began - lastEndedAgo);
  await w.clock.advance(0);
  const waited = w.queue.sent.length === 0;
  await w.clock.advance(350);
  await delivery;
  const sentAt = waited ? began + 350 : began;
  const lateness = w.queue.sent.map(({ message, delaySeconds }) => {
    if (message.kind !== 'occurrence') throw new Error(`${message.kind} was sent`);
    return sentAt + delaySeconds * 1_000 - Date.parse(message.dueAt);
  });
  return { waited, lateness: [...new Set(lateness)] };
}

it.each([
  ['first event of its process', undefined, { waited: true, lateness: [-50] }],
  ['event after a pause', 100, { waited: true, lateness: [-50] }],
  ['event at once after another, behind which there may be more', 99, { waited: false, lateness: [600] }],
])('the %s sends due times when their second begins, unless others wait', async (_, lastEndedAgo, expected) => {
  expect(await fannedOut(lastEndedAgo)).toEqual(expected);
});
