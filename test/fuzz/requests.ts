import { openApi } from '../../core/contract/openapi.ts';
import { Chance } from '../../testing/simulator/chance.ts';
import { Samples } from './samples.ts';

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: object;
  readonly required: boolean;
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
}

const { paths, components } = openApi();
const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

const CREATES = OPERATIONS.filter(({ path, method }) => path === '/v1/jobs' && method === 'POST');

/** The nth request of a seed: one that the document allows, or nearly, or anything but. */
export function requestOf(seed: number, n: number): FuzzedRequest {
  const chance = new Chance(seed, `request ${n}`);
  const samples = new Samples(chance, components.schemas as Record<string, object>);
  // Without jobs there would be little to do.
  const { path, method, operation } = chance.pick(chance.is(0.15) ? CREATES : OPERATIONS);
  const given = (place: Parameter['in']) =>
    operation.parameters
      .filter((one) => one.in === place && (one.required || chance.is(0.25)))
      .map((one) => [one.name, samples.text(one)] as const);
  const inPath = new Map(given('path'));
  const query = given('query').map(([name, value]) => `${name}=${value}`);
  if (chance.is(0.03)) query.push(`${samples.junk().slice(0, 20)}=1`);
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => inPath.get(name) ?? '');
  return {
    method: chance.is(0.02) ? chance.pick(['PATCH', 'PUT', 'DELETE', 'OPTIONS']) : method,
    path: `${chance.is(0.01) ? samples.junk() : target}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: {
      ...Object.fromEntries(given('header')),
      ...(operation.requestBody && { 'Content-Type': chance.is(0.03) ? 'text/plain' : 'application/json' }),
    },
    body: operation.requestBody && bodyOf(operation.requestBody.content['application/json'].schema, chance, samples),
  };
}

function bodyOf(schema: object, chance: Chance, samples: Samples): string | Buffer {
  const text = JSON.stringify(samples.value(schema)) ?? '';
  if (chance.is(0.04)) return Buffer.from(Array.from({ length: chance.below(200) }, () => chance.below(256)));
  if (chance.is(0.03)) return text.slice(0, chance.below(text.length + 1));
  return text;
}
