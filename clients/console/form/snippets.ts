import { bodyOf, type Draft, patchOf } from './draft.ts';
import { scheduleText } from './schedule-text.ts';

/** What a form would do, for other ways to do it. */
export interface Written {
  readonly draft: Draft;
  /** What is changed; undefined for a new job. */
  readonly before: Draft | undefined;
  readonly origin: string;
  /** `--stage prod`, or nothing for the local host. */
  readonly option: string;
}

const quoted = (text: string) => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const json = (value: unknown) => JSON.stringify(value, null, 2);

function optionsOf(name: string, value: unknown): string[] {
  // An empty one stands for none.
  if (name === 'tags') return ((value as string[]).length > 0 ? (value as string[]) : ['']).map((tag) => ` --tag ${quoted(tag)}`);
  if (name === 'schedule') return [` --schedule ${quoted(scheduleText(value))}`];
  return [` --${name} ${quoted(typeof value === 'string' ? value : name === 'description' ? '' : JSON.stringify(value))}`];
}

export const SNIPPETS: Readonly<Record<string, (written: Written) => string>> = {
  CLI({ draft, before, option }) {
    const { id, ...members } = before ? { id: draft.id, ...patchOf(before, draft) } : (bodyOf(draft) as Record<string, unknown>);
    const options = Object.entries(members).flatMap(([name, value]) => optionsOf(name, value));
    return `carillon ${before ? 'update' : 'create'} ${quoted(String(id))}${options.join('')}${option && ` ${option}`}`;
  },
  // A deployed stage wants signatures, which curl makes in its own way: docs/deploy.md.
  curl({ draft, before, origin }) {
    const [method, path, body] = before ? ['PATCH', `/v1/jobs/${draft.id}`, patchOf(before, draft)] : ['POST', '/v1/jobs', bodyOf(draft)];
    return `curl -s -X ${method} ${quoted(`${origin}${path}`)} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
  },
  TypeScript({ draft, before }) {
    if (before) return `await carillon.jobs.patch(${JSON.stringify(draft.id)}, ${json(patchOf(before, draft))});`;
    return `await carillon.jobs.create(${json(bodyOf(draft))});`;
  },
};
