import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName } from './bundle/functions.ts';
import type { DeploymentStage } from './stage.ts';

/** As long as runs are kept by default. */
export const LOG_RETENTION = RetentionDays.ONE_MONTH;

export interface BundledFunctionProps {
  readonly stage: DeploymentStage;
  readonly name: FunctionName;
  /** The folder with a built function in each of its folders. */
  readonly bundles: string;
  readonly timeout: Duration;
  readonly memorySize: number;
}

/** Makes one of the built functions, with a log of its own and a role that may do no more than write to it. */
export function bundledFunction(scope: Construct, { stage, name, bundles, timeout, memorySize }: BundledFunctionProps): LambdaFunction {
  const functionName = stage.nameOf(name);
  const logGroup = new LogGroup(scope, 'Log', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: LOG_RETENTION,
    removalPolicy: stage.removalPolicy,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return new LambdaFunction(scope, 'Function', {
    functionName,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(bundles, name)),
    handler: 'handler.handler',
    timeout,
    memorySize,
    role,
    logGroup,
    // Runs may still be under way in the version that a deployment replaces.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
}
