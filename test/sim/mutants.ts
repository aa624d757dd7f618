import type { Mutant } from './mutant.ts';
import { acceptMutants } from './mutants/accept.ts';
import { accountMutants } from './mutants/account.ts';
import { executeMutants } from './mutants/execute.ts';
import { jobMutants } from './mutants/job.ts';
import { jobStoreMutants } from './mutants/job-store.ts';
import { reconcileMutants } from './mutants/reconcile.ts';
import { retryMutants } from './mutants/retry.ts';
import { runStoreMutants } from './mutants/run-store.ts';
import { scheduleMutants } from './mutants/schedule.ts';

/** Mistakes in the protocol, each of which breaks a promise: whatever proves the promises has to find them. */
export const mutants: readonly Mutant[] = [
  ...runStoreMutants,
  ...jobStoreMutants,
  ...acceptMutants,
  ...executeMutants,
  ...retryMutants,
  ...jobMutants,
  ...scheduleMutants,
  ...accountMutants,
  ...reconcileMutants,
];
