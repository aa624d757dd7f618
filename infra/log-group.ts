import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DeploymentStage } from './stage.ts';

/** A log of a stage: it expires, and is encrypted with the stage's key if it has one. */
export function logGroup(scope: Construct, id: string, stage: DeploymentStage, logGroupName: string): LogGroup {
  const { logRetention: retention, removalPolicy, key } = stage;
  return new LogGroup(scope, id, { logGroupName, retention, removalPolicy, ...(key && { encryptionKey: key }) });
}
