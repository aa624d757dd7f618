import type { Context } from 'hono';
import type { WriteJobPorts } from '../../core/job/create-job.ts';
import type { KeyStore, RunStore, StageSwitch } from '../../core/ports.ts';

export type ApiPorts = WriteJobPorts & { readonly runs: RunStore; readonly keys: KeyStore; readonly stage: StageSwitch };

/** Handlers by path and method; each reads its request, calls one use case, and shows what came of it. */
export type Routes = Readonly<Record<string, Readonly<Record<string, (c: Context) => Promise<Response>>>>>;

/** A parameter of the path. */
export function param(c: Context, name: string): string {
  return c.req.param(name) ?? '';
}
