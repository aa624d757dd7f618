import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
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
  if (declared) return declaredJobs(client);
  if (file === undefined) return { error: 'name a file of jobs, or --declared' };
  const text = await readFile(file, 'utf8').catch((error: Error) => error);
  if (text instanceof Error) return { error: `${file} cannot be read: ${text.message}` };
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return { error: `${file}: ${z.prettifyError(parsed.error)}` };
    return { set: set ?? parsed.data.set ?? basename(file).replace(/\.json$/, ''), jobs: parsed.data.jobs };
  } catch (error) {
    return { error: `${file} is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}
