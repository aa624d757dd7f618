import { MemoryEngine } from '../../testing/memory-engine.ts';
import { memoryJobs } from '../../testing/memory-jobs.ts';
import { memoryRuns } from '../../testing/memory-runs.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { engineContract } from '../contracts/engine.contract.ts';
import { jobStoreContract } from '../contracts/job-store.contract.ts';
import { runStoreContract } from '../contracts/run-store.contract.ts';

jobStoreContract('memory', async () => memoryJobs());
runStoreContract('memory', async () => memoryRuns());
engineContract('memory', async () => new MemoryEngine(new VirtualClock('2027-01-01T00:00:00Z')));
