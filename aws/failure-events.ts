import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { isoInstant } from '../core/contract/instant.ts';
import { EVENT_SOURCE, EVENT_TYPES, hasEvent } from '../core/contract/telemetry.ts';
import type { EndedRun } from '../core/run/run.ts';
import { OTHERS } from './clients.ts';

/** Puts an event on the account's bus for each run that failed for good or was missed; without input, output and stack. */
export function failureEvents(stage: string, client = new EventBridgeClient(OTHERS)): (run: EndedRun) => Promise<void> {
  return async (run) => {
    if (!hasEvent(run)) return;
    const { jobId, runId, module, state, trigger, dueAt, endedAt } = run;
    const detail = {
      stage,
      jobId,
      runId,
      module,
      state,
      trigger,
      dueAt: isoInstant(dueAt),
      endedAt: isoInstant(endedAt),
      ...('attempt' in run && { attempts: run.attempt }),
      ...('reason' in run && { reason: run.reason }),
      ...('error' in run && { error: { name: run.error.name, message: run.error.message.split('\n')[0] } }),
      ...('missed' in run && { missed: { ...run.missed, from: isoInstant(run.missed.from), to: isoInstant(run.missed.to) } }),
    };
    const entry = { Source: EVENT_SOURCE, DetailType: EVENT_TYPES[state], Detail: JSON.stringify(detail) };
    const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount) throw new Error(`EventBridge did not take the event: ${Entries?.[0]?.ErrorMessage}`);
  };
}
