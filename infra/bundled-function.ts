import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { accept } from './accept.ts';
import type { FunctionName } from './bundle/functions.ts';
import { logGroup } from './log-group.ts';
import type { DeploymentStage } from './stage.ts';

export interface BundledFunctionProps {
  readonly stage: DeploymentStage;
  /** Of its name. */
  readonly part: string;
  readonly bundle: FunctionName;
  /** The folder with a built function in each of its folders. */
  readonly bundles: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly reservedConcurrency?: number | undefined;
}

/** Makes one of the built functions, with a log of its own and a role that may do no more than write to it. */
export function bundledFunction(scope: Construct, props: BundledFunctionProps): LambdaFunction {
  const { stage, part, bundle, bundles, timeout, memorySize, reservedConcurrency } = props;
  const functionName = stage.nameOf(part);
  const log = logGroup(scope, 'Log', stage, `/aws/lambda/${functionName}`);
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  log.grantWrite(role);
  stage.grantKey(role);
  const made = new LambdaFunction(scope, 'Function', {
    functionName,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(bundles, bundle)),
    handler: 'handler.handler',
    timeout,
    memorySize,
    ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
    role,
    logGroup: log,
    environment: { CARILLON_STAGE: stage.name },
    // Runs may still be under way in the version that a deployment replaces.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  accept(made, {
    'Serverless::Serverless-LambdaDLQ':
      'What was not delivered goes where its reason can be kept with it: an on-failure destination, or the next pass.',
    'Serverless::Serverless-LambdaTracing':
      'X-Ray may be written to only as `*`; the log has the keys of every run and the metrics its times.',
  });
  return made;
}
