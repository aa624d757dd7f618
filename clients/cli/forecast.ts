import { nextBody } from '../../core/contract/bodies.ts';
import { checkBody } from '../../core/contract/check-body.ts';
import type { MemberError } from '../../core/contract/problems.ts';
import { nearest, shown } from '../../core/contract/suggestion.ts';
import { preview } from '../../core/preview.ts';

/** When a schedule is due, or what is wrong with it. */
export type Forecast =
  | {
      readonly valid: true;
      /** What EventBridge is given, and the sentence: of a schedule that has due times. */
      readonly expression?: string;
      readonly description?: string;
      readonly timezone?: string;
      readonly nextRuns: readonly string[];
      readonly notes: readonly string[];
      /** Why there are no due times. */
      readonly reason?: string;
    }
  | { readonly valid: false; readonly error: ReturnType<typeof shown> };

const MEMBERS = Object.keys(nextBody.shape);

/** Works out when a schedule is due after an instant; a member that is not known is let be, unless it is one of ours misspelt. */
export function forecast(request: unknown, now: number): Forecast {
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request);
  if (!isObject)
    return wrong({ pointer: '', code: 'malformed', received: request, rule: 'it is an object', fix: `of ${MEMBERS.join(', ')}` });
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request)) {
    if (MEMBERS.includes(name)) known[name] = value;
    else if (nearest(unknown(name))) return wrong(unknown(name));
  }
  if (typeof known.schedule === 'string' && known.schedule.trimStart().startsWith('{')) {
    try {
      known.schedule = JSON.parse(known.schedule);
    } catch (error) {
      const rule = `an object of fields is JSON: ${(error as Error).message}`;
      return wrong({ pointer: '/schedule', code: 'malformed', rule, fix: 'for example {"type":"cron","hour":9}' });
    }
  }
  const body = checkBody(nextBody, known);
  if (!body.ok) return wrong(...body.refusal.errors);
  const { after, n: count, id: _, ...timing } = body.value;
  const found = preview({ ...timing, from: after ?? undefined, count }, now);
  if (found.valid) return found;
  const [error] = found.errors;
  return error?.code === 'neverFires'
    ? { valid: true, nextRuns: [], notes: [], reason: `${error.rule}; ${error.fix}` }
    : wrong(...found.errors);
}

function unknown(name: string): MemberError {
  const rule = `a request has the members ${MEMBERS.join(', ')}`;
  return { pointer: `/${name.slice(0, 40)}`, code: 'unknownMember', received: name, rule, fix: 'correct its name', candidates: MEMBERS };
}

function wrong(...errors: readonly MemberError[]): Forecast {
  const [first] = errors;
  return { valid: false, error: shown(first ?? { pointer: '', code: 'malformed', rule: 'it cannot be read', fix: 'correct it' }) };
}
