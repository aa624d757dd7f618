import type { PreviewBody } from './contract/bodies.ts';
import { isoInstant } from './contract/instant.ts';
import type { MemberError, Refusal } from './contract/problems.ts';
import { checkDue } from './job/read-definition.ts';
import { readTiming } from './job/timing.ts';
import { clockChangeNotes } from './schedule/clock-changes.ts';
import { compile } from './schedule/compile.ts';
import { describe } from './schedule/describe.ts';
import { nextOccurrences } from './schedule/occurrences.ts';
import type { Instant } from './schedule/schedule.ts';

export type Preview =
  | {
      readonly valid: true;
      readonly expression: string;
      readonly timezone: string;
      readonly description: string;
      readonly nextRuns: readonly string[];
      /** The next change of clocks that changes a run. */
      readonly notes: readonly string[];
    }
  | { readonly valid: false; readonly detail: string; readonly errors: readonly MemberError[] };

/** Says what a schedule means and when it would be due, without creating anything. */
export function preview(body: PreviewBody, now: Instant): Preview {
  const from = body.from === undefined ? now : Date.parse(body.from);
  const timing = readTiming(body, from);
  if (!timing.ok) return invalid(timing.refusal);
  const due = checkDue(timing.value, from);
  if (!due.ok) return invalid(due.refusal);
  return {
    valid: true,
    expression: compile(timing.value).expression,
    timezone: timing.value.zone.name,
    description: describe(timing.value),
    nextRuns: nextOccurrences(timing.value, from, body.count).map(isoInstant),
    notes: clockChangeNotes(timing.value, from),
  };
}

function invalid({ detail, errors }: Refusal): Preview {
  return { valid: false, detail, errors };
}
