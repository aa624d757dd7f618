import { problem } from '../../core/contract/answers.ts';
import { ANY, ROUTES } from '../../core/contract/routes.ts';

/** Throws when an answer of the API is not one that its document (core/contract/routes.ts) has for that request. */
export function checkDocumented(method: string, path: string, status: number, json: unknown): void {
  const pathname = new URL(path, 'http://127.0.0.1').pathname;
  const found = Object.entries(ROUTES).find(([pattern]) => matches(pattern, pathname));
  const route = found?.[1][method as keyof (typeof found)[1]];
  // What is no route is no answer of one.
  if (!found || !route) return;
  const name = `${method} ${found[0]} answered ${status}`;
  if (status >= 400) {
    const { code } = problem.parse(json);
    if (![...ANY, ...route.problems].includes(code)) throw new Error(`${name} ${code}, which is not documented`);
    return;
  }
  const schema = route.answers[status];
  if (schema === undefined) throw new Error(`${name}, which is not documented`);
  const parsed = schema?.safeParse(json) ?? { success: json === undefined };
  if (!parsed.success)
    throw new Error(`${name} with what is not documented: ${'error' in parsed ? parsed.error?.message : JSON.stringify(json)}`);
}

function matches(pattern: string, pathname: string): boolean {
  const [parts, given] = [pattern.split('/'), pathname.split('/')];
  return parts.length === given.length && parts.every((part, n) => part === given[n] || (part.startsWith('{') && given[n] !== ''));
}
