export type { JobView } from '../core/job/job-view.ts';
export type { RunView } from '../core/run/run-view.ts';
export { type RunModuleOptions, runModule } from './run-module.ts';
export { type Simulated, type SimulatedJob, type SimulatedModules, type Simulation, simulate } from './simulate.ts';
