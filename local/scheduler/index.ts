import { close, listen } from '../loopback.ts';
import { LocalClock } from '../time.ts';
import { Journal } from './journal.ts';
import { scheduler } from './server.ts';
import { endpointTargets } from './targets/endpoints.ts';
import type { Targets } from './targets/targets.ts';
import type { Weather } from './weather.ts';

export { LocalClock } from '../time.ts';
export { type QueueMessage, TargetError, type Targets } from './targets/targets.ts';
export type { Weather } from './weather.ts';

export interface StartOptions {
  /** 0, and the default, is any free one. */
  readonly port?: number | undefined;
  /** The endpoint of whatever answers Lambda's Invoke, and SQS's SendMessage. */
  readonly lambda?: string | undefined;
  readonly sqs?: string | undefined;
  /** In place of endpoints: what takes the events in this process. */
  readonly targets?: Partial<Targets> | undefined;
  /** Of requests whose signature names none. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly weather?: Partial<Weather> | undefined;
  /** A file to keep the schedules in, and to take those of before from. */
  readonly data?: string | undefined;
  /** In place of the machine's time. */
  readonly clock?: LocalClock | undefined;
  /** Lets requests stand the clock still and move it: POST /_carillon/clock. */
  readonly steerable?: boolean | undefined;
}

/** A scheduler that runs: where to point the SDK, its clock, and how it is stopped. */
export interface RunningScheduler {
  readonly url: string;
  readonly clock: LocalClock;
  stop(): Promise<void>;
}

/** Starts EventBridge Scheduler on 127.0.0.1, with nothing else of Carillon. */
export async function startScheduler(options: StartOptions = {}): Promise<RunningScheduler> {
  const { port = 0, lambda, sqs, targets, account = '123456789012', region = 'us-east-1', weather = {}, data, steerable = false } = options;
  const { clock = new LocalClock() } = options;
  const dropped: Targets['dropped'] = (arn, why) => console.error(`dropped: ${arn}: ${why}`);
  const { server, stop } = scheduler({
    account,
    region,
    time: clock,
    weather,
    journal: data === undefined ? undefined : await Journal.open(data),
    targets: { ...endpointTargets({ lambda, sqs, dropped }), ...targets },
    clock,
    steerable,
  });
  const taken = await listen(server, port);
  return {
    url: `http://127.0.0.1:${taken}`,
    clock,
    async stop() {
      stop();
      await close(server);
    },
  };
}
