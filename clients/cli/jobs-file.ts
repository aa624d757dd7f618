import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import { CODE_SET } from '../../core/contract/bodies.ts';
import { declaredJobs } from '../apply/declared.ts';
import type { Desired } from '../apply/plan.ts';
import type { Client } from '../http/index.ts';

const fileSchema = z.strictObject({ set: z.string().optional(), jobs: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Which jobs there are to be: those of a file, or those that the modules of a stage declare. */
export async function wantedJobs(
  client: Client,
  file: string | undefined,
  { declared, set }: { readonly declared?: boolean; readonly set?: string },
): Promise<Desired | { readonly error: string }> {
  if (declared && (file !== undefined || set !== undefined)) return { error: '--declared takes neither a file nor --set' };
  if (declared) return declaredJobs(client);
  if (file === undefined) return { error: 'name a file of jobs, or --declared' };
  const text = await readFile(file, 'utf8').catch((error: Error) => error);
  if (text instanceof Error) return { error: `${file} cannot be read: ${text.message}` };
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    if (!parsed.success) return { error: `${file}: ${z.prettifyError(parsed.error)}` };
    const own = set ?? parsed.data.set ?? basename(file).replace(/\.json$/, '');
    if (own === CODE_SET) return { error: `the set "${CODE_SET}" is of the jobs that modules declare; choose another with --set` };
    return { set: own, jobs: parsed.data.jobs };
  } catch (error) {
    return { error: `${file} is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}
