import type { StageConfig } from './stage-config.ts';

/** The deployments of this project: `npm run deploy -- --stage prod`. What may be said of one: infra/stage-config.ts. */
export const STAGES: Readonly<Record<string, StageConfig>> = {
  dev: { disposable: true, logRetentionDays: 7 },
  // Say who hears of alarms, for example `alarms: { email: 'oncall@<your domain>' }`: the address has to confirm.
  prod: { logRetentionDays: 90 },
};
