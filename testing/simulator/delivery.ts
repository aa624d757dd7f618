import type { EngineSchedule } from '../../core/ports.ts';
import { type Delivery, deliverOccurrence, deliverPrime, deliverStart } from '../../core/run/deliver.ts';
import type { Invocation, RunnerPorts } from '../../core/run/execute.ts';
import { type Envelope, messageSchema } from '../../core/run/message.ts';
import { parseAwsExpression } from '../../core/schedule/aws-expression.ts';
import { nextOccurrence } from '../../core/schedule/occurrences.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { zoneNamed } from '../../core/schedule/zone.ts';

/** What the runner does with a message of the queue. */
export function deliver(ports: RunnerPorts, envelope: Envelope, invocation: Invocation): Promise<Delivery> {
  const message = messageSchema.parse(envelope.message);
  switch (message.kind) {
    case 'occurrence':
      return deliverOccurrence(ports, message, invocation);
    case 'prime':
      return deliverPrime(ports, message);
    case 'run':
      return deliverStart(ports, message, invocation);
  }
}

/** When EventBridge ticks for a schedule next, read from what it was given. */
export function tickAfter(schedule: EngineSchedule, after: Instant): Instant | undefined {
  const zone = zoneNamed(schedule.timezone);
  if (!zone || !schedule.enabled) return undefined;
  const { start, end } = schedule;
  return nextOccurrence({ schedule: parseAwsExpression(schedule.expression), zone, start, end, anchor: start ?? 0, since: 0 }, after);
}

/** Lets every promise that is ready run its continuations. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
