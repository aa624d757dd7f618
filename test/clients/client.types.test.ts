import { expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { type Client, type CreateJob, createClient } from '../../clients/http/index.ts';
import { defineModule } from '../../core/define-module.ts';
import type { Modules as OfThisProject } from '../../jobs/index.ts';

const greet = defineModule({ description: '', input: z.object({ name: z.string(), times: z.int().default(1) }), run: () => undefined });
const clean = defineModule({ description: '', input: z.object({ days: z.int().default(7) }), run: () => undefined });
const noop = defineModule({ description: '', run: () => undefined });
type Modules = { readonly greet: typeof greet; readonly clean: typeof clean; readonly noop: typeof noop };

const schedule = 'rate(1 hour)';
/** What the compiler takes: `npm run types` fails where an error below is none. */
const jobs: CreateJob<Modules>[] = [
  { id: 'a', module: 'greet', schedule, input: { name: 'x' } },
  { id: 'a', module: 'clean', schedule },
  { id: 'a', module: 'noop', schedule },
  // @ts-expect-error no such module
  { id: 'a', module: 'gret', schedule, input: { name: 'x' } },
  // @ts-expect-error its input lacks a member
  { id: 'a', module: 'greet', schedule, input: {} },
  // @ts-expect-error it needs an input
  { id: 'a', module: 'greet', schedule },
  // @ts-expect-error its input has no such member
  { id: 'a', module: 'greet', schedule, input: { name: 'x', nmae: 'y' } },
  // @ts-expect-error its input is of another type
  { id: 'a', module: 'greet', schedule, input: { name: 1 } },
  // @ts-expect-error it takes no input
  { id: 'a', module: 'noop', schedule, input: { name: 'x' } },
  // @ts-expect-error there is no such member
  { id: 'a', module: 'noop', schedule, timezon: 'UTC' },
];

it('module names and inputs are checked by the compiler', () => {
  expectTypeOf<CreateJob<Modules>['module']>().toEqualTypeOf<'greet' | 'clean' | 'noop'>();
  expectTypeOf<CreateJob<OfThisProject>['module']>().toEqualTypeOf<'csv-digest' | 'heartbeat' | 'http-check' | 'webhook'>();
  expectTypeOf(createClient<Modules>).returns.toExtend<Client<Modules>>();
  expectTypeOf(jobs).toBeArray();
});
