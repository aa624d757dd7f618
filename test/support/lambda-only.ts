import type { Targets } from '../../local/scheduler/targets/targets.ts';

/** Targets of which only functions are there; each event is handed over, parsed. */
export function lambdaOnly(fire: (arn: string, event: unknown) => void): Targets {
  return {
    lambda: async (arn, event) => fire(arn, JSON.parse(event)),
    sqs: () => Promise.reject(new Error('no queue is there')),
    dropped: () => undefined,
  };
}
