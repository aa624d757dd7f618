import * as z from '../zod.ts';
import { problem } from './answers.ts';
import { PROBLEMS } from './problems.ts';
import type { QueryRule } from './queries.ts';
import { ANY, type Header, ROUTES, type Route } from './routes.ts';

type Schema = Record<string, unknown>;

const HEADERS: Readonly<Record<Header, string>> = {
  'If-Match': 'Only if the job is at this revision: the ETag of an answer',
  'If-None-Match': '`*`: only if there is no such job',
  'Idempotency-Key': 'Sent again with the same key and body within a day, the request has no second effect',
};

/** The API as OpenAPI 3.1, made of the schemas that requests and answers are checked by. */
export function openApi() {
  const schemas: Record<string, Schema> = {};
  const of = (schema: z.ZodMiniType, io: 'input' | 'output') => lifted(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), schemas);
  const paths: Record<string, Schema> = {};
  for (const [path, methods] of Object.entries(ROUTES)) {
    paths[path] = Object.fromEntries(Object.entries(methods).map(([method, route]) => [method.toLowerCase(), operation(path, route, of)]));
  }
  const content = { 'application/problem+json': { schema: of(problem, 'output') } };
  return {
    openapi: '3.1.0',
    info: { title: 'Carillon', version: '1', description: 'Jobs that run modules on schedules.' },
    paths,
    components: { schemas, responses: { Problem: { description: 'Why the request was refused (RFC 9457)', content } } },
  };
}

function operation(path: string, route: Route, of: (schema: z.ZodMiniType, io: 'input' | 'output') => Schema): Schema {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter('path', String(name), { type: 'string' }, true));
  const inQuery = Object.entries(route.query ?? {}).map(([name, rule]) => parameter('query', name, schemaOf(rule)));
  const paging = route.isPaged
    ? [parameter('query', 'limit', { type: 'integer', minimum: 1 }), parameter('query', 'pageToken', { type: 'string' })]
    : [];
  const headers = (route.headers ?? []).map((name) => ({ ...parameter('header', name, { type: 'string' }), description: HEADERS[name] }));
  const refusals = [...new Set([...ANY, ...route.problems].map((code) => PROBLEMS[code].status))].sort();
  return {
    operationId: route.name,
    summary: route.summary,
    parameters: [...inPath, ...inQuery, ...paging, ...headers],
    ...(route.body && {
      requestBody: { required: !route.body.isOptional, content: { 'application/json': { schema: of(route.body.schema, 'input') } } },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, schema]) => [
          status,
          { description: route.summary, ...(schema && { content: { 'application/json': { schema: of(schema, 'output') } } }) },
        ]),
      ),
      ...Object.fromEntries(refusals.map((status) => [status, { $ref: '#/components/responses/Problem' }])),
    },
    'x-problems': [...ANY, ...route.problems],
  };
}

function parameter(place: string, name: string, schema: Schema, required = false): Schema {
  return { in: place, name, required, schema };
}

function schemaOf(rule: QueryRule): Schema {
  if (rule === 'flag') return { type: 'boolean' };
  return { type: 'string', ...(rule !== 'text' && { enum: rule }) };
}

/** Shapes with a name of their own go to the document's components. */
function lifted({ $schema: _, $defs = {}, ...schema }: Schema, schemas: Record<string, Schema>): Schema {
  const pointed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(pointed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (key === '$ref') return [[key, String(inner).replace('#/$defs/', '#/components/schemas/')]];
        return key === 'id' && typeof inner === 'string' ? [] : [[key, pointed(inner)]];
      }),
    );
  };
  for (const [name, inner] of Object.entries($defs as Record<string, Schema>)) schemas[name] = pointed(inner) as Schema;
  const { id, ...rest } = schema;
  if (typeof id !== 'string') return pointed(schema) as Schema;
  schemas[id] = pointed(rest) as Schema;
  return { $ref: `#/components/schemas/${id}` };
}
