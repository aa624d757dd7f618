import { readFileSync } from 'node:fs';
import { DEFAULT_RUNNER, type ModuleName } from '../core/ids.ts';
import * as z from '../core/zod.ts';
import { readEnvironment } from './environment.ts';

/** Where each runner of a deployment is, and which one a module is for. */
export interface Runners {
  /** The alias that schedules invoke; known to functions that make schedules. */
  arnOf(module: ModuleName): string;
  queueUrlOf(module: ModuleName): string;
  /** Whether a module is for the runner that this process is. */
  isOurs(module: ModuleName): boolean;
}

const classes = z.record(z.string(), z.string());

/**
 * Reads the classes of modules, which the build put beside the handler, and the runners of the deployment. A class that it does not have is the
 * default's to run: a local host has one runner, and a stage without a class that a module names is refused at its synthesis.
 */
export function runners(folder: URL): Runners {
  const { CARILLON_RUNNER_ARN, CARILLON_QUEUE_URL, CARILLON_RUNNERS, CARILLON_RUNNER_CLASS } = readEnvironment(
    'CARILLON_RUNNER_ARN',
    'CARILLON_QUEUE_URL',
    'CARILLON_RUNNERS',
    'CARILLON_RUNNER_CLASS',
  );
  const classOf = new Map(Object.entries(classes.parse(JSON.parse(readFileSync(new URL('runners.json', folder), 'utf8')))));
  const all = new Map(Object.entries(CARILLON_RUNNERS));
  all.set(DEFAULT_RUNNER, { arn: CARILLON_RUNNER_ARN, queueUrl: CARILLON_QUEUE_URL });
  const runnerOf = (module: ModuleName) => {
    const name = classOf.get(module) ?? DEFAULT_RUNNER;
    return all.has(name) ? name : DEFAULT_RUNNER;
  };
  return {
    arnOf: (module) => {
      const arn = all.get(runnerOf(module))?.arn;
      if (arn === undefined) throw new Error(`the alias of the runner ${runnerOf(module)} is not in the environment`);
      return arn;
    },
    queueUrlOf: (module) => all.get(runnerOf(module))?.queueUrl ?? CARILLON_QUEUE_URL,
    isOurs: (module) => runnerOf(module) === CARILLON_RUNNER_CLASS,
  };
}
