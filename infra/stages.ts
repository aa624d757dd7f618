import type { StageConfig } from './stage-config.ts';

/** The deployments of this project: `npm run deploy -- --stage prod`. What may be said of one: infra/stage-config.ts. */
export const STAGES: Readonly<Record<string, StageConfig>> = {
  dev: { disposable: true, logRetentionDays: 7 },
  // An address of your own: it has to confirm that it wants to hear of alarms.
  prod: { logRetentionDays: 90, alarms: { email: 'alarms@example.com' } },
};
