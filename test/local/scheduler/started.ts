import { CreateScheduleCommand, type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach } from 'vitest';
import { LocalClock, type QueueMessage, type RunningScheduler, startScheduler, type TargetError } from '../../../local/scheduler/index.ts';

export const START = '2027-01-01T00:00:00Z';
export const NOW = Date.parse(START);
export const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:f';
export const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:q';
export const DEAD = 'arn:aws:sqs:us-east-1:123456789012:dead';
export const RoleArn = 'arn:aws:iam::123456789012:role/r';
export const Input = JSON.stringify({ n: '<aws.scheduler.attempt-number>', due: '<aws.scheduler.scheduled-time>' });

export const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

export function stoppedAt(instant: number): LocalClock {
  const clock = new LocalClock();
  clock.run(0);
  clock.set(instant);
  return clock;
}

/** A scheduler whose clock stands still, and a client of it. */
export async function started(options: Parameters<typeof startScheduler>[0] = {}) {
  const running: RunningScheduler = await startScheduler({ clock: stoppedAt(NOW), ...options });
  const client = new SchedulerClient({
    endpoint: running.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  ended.push(() => running.stop());
  const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
    client.send(
      new CreateScheduleCommand({
        Name: 's',
        ScheduleExpression: 'at(2027-01-01T00:10:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: LAMBDA, RoleArn, Input },
        ...more,
      }),
    );
  return { ...running, client, create };
}

/** Targets that fail as they are told, and remember what they got. */
export function targets(fails: (attempt: number) => TargetError | undefined) {
  const events: unknown[] = [];
  const messages: QueueMessage[] = [];
  return {
    events,
    messages,
    lambda: async (_arn: string, event: string) => {
      events.push(JSON.parse(event));
      const error = fails(events.length);
      if (error) throw error;
    },
    sqs: async (message: QueueMessage) => void messages.push(message),
  };
}
