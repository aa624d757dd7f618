import type { JobAnswer, ModuleAnswer } from '../../../core/contract/answers.ts';
import { MASK } from '../../../core/contract/mask.ts';

/** A job as it is being written. */
export interface Draft {
  readonly id: string;
  readonly module: string;
  readonly schedule: unknown;
  readonly timezone: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly input: unknown;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly description: string;
  /** As they are typed, separated by commas. */
  readonly tags: string;
}

export function newDraft(module: string): Draft {
  return {
    id: '',
    module,
    schedule: '0 8 * * 1-5',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    start: null,
    end: null,
    input: undefined,
    policies: {},
    description: '',
    tags: '',
  };
}

/** The definition of a job, to be changed. */
export function draftOf({ id, module, schedule, timezone, start, end, input, description, tags }: JobAnswer): Draft {
  const text = description ?? '';
  return { id, module, schedule, timezone, start, end, input: input ?? undefined, policies: {}, description: text, tags: tags.join(', ') };
}

/** A new job like another one: with the policies that are not its module's own, and without secrets, which nobody is shown. */
export function copyOf(job: JobAnswer, module: ModuleAnswer | undefined): Draft {
  const own = Object.entries(job.policies).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(module?.policies[name as keyof ModuleAnswer['policies']]),
  );
  return { ...draftOf(job), id: `${job.id}-copy`, input: withoutSecrets(job.input ?? undefined), policies: Object.fromEntries(own) };
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (member === MASK ? [] : [[name, withoutSecrets(member)]])));
}

const tagsOf = (text: string) =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);

/** The body that makes the job; what has its default is left out. */
export function bodyOf({ id, module, schedule, timezone, start, end, input, policies, description, tags }: Draft): Record<string, unknown> {
  return {
    id,
    module,
    schedule,
    ...(timezone !== 'UTC' && { timezone }),
    ...(start && { start }),
    ...(end && { end }),
    ...(input !== undefined && { input }),
    ...(Object.keys(policies).length > 0 && { policies }),
    ...(description && { description }),
    ...(tagsOf(tags).length > 0 && { tags: tagsOf(tags) }),
  };
}

/** The merge patch (RFC 7396) that makes one of the other: what is gone is null, and what is as it was is not sent. */
export function patchOf(before: Draft, after: Draft): Record<string, unknown> {
  const members = ({ id: _, tags, ...others }: Draft) => ({ ...others, description: others.description || null, tags: tagsOf(tags) });
  const changed = difference(members(before), members(after));
  // With another module nothing of the old one's input stays.
  if (before.module !== after.module) return { ...changed, input: replacing(before.input, after.input) };
  return changed;
}

function difference(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed: Record<string, unknown> = {};
  for (const name of names) {
    const [old, now] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    changed[name] = isObject(old) && isObject(now) ? difference(old, now) : (now ?? null);
  }
  return changed;
}

function replacing(before: unknown, after: unknown): unknown {
  return isObject(before) && isObject(after)
    ? { ...Object.fromEntries(Object.keys(before).map((name) => [name, null])), ...after }
    : (after ?? null);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
