/** A job as it is sent. */
export interface Draft {
  readonly id: string;
  readonly module: string;
  readonly schedule: unknown;
  readonly timezone: string;
  readonly input: unknown;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly description: string;
  readonly tags: readonly string[];
}

/** The body of a request; what has its default is left out. */
export function bodyOf({ id, module, schedule, timezone, input, policies, description, tags }: Draft): Record<string, unknown> {
  return {
    id,
    module,
    schedule,
    ...(timezone !== 'UTC' && { timezone }),
    ...(input !== undefined && { input }),
    ...(Object.keys(policies).length > 0 && { policies }),
    ...(description && { description }),
    ...(tags.length > 0 && { tags }),
  };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export const SNIPPETS: Readonly<Record<string, (draft: Draft, origin: string) => string>> = {
  CLI({ id, module, schedule, timezone, input, policies, description, tags }) {
    const option = (name: string, value: unknown) => ` --${name} ${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`;
    return `carillon create ${id}${option('module', module)}${option('schedule', schedule)}${timezone === 'UTC' ? '' : option('timezone', timezone)}${
      input === undefined ? '' : option('input', input)
    }${Object.keys(policies).length > 0 ? option('policies', policies) : ''}${description ? option('description', description) : ''}${tags.map((tag) => option('tag', tag)).join('')}`;
  },
  curl: (draft, origin) => `curl -s ${origin}/v1/jobs -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(bodyOf(draft)))}`,
  TypeScript: (draft) => `await carillon.jobs.create(${JSON.stringify(bodyOf(draft), null, 2)});`,
};
