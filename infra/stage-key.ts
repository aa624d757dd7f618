import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { DeploymentStage } from './stage.ts';

/**
 * The customer's own key of a stage: one that is there, by its ARN, whose policy is its owner's affair; or one that is made.
 * CloudWatch writes logs with it only because its own policy says so.
 */
export function stageKey(scope: Construct, id: string, stage: DeploymentStage, arn: string | undefined): IKey {
  if (arn !== undefined) return Key.fromKeyArn(scope, id, arn);
  const key = new Key(scope, id, { enableKeyRotation: true, removalPolicy: stage.removalPolicy });
  const { region, partition, account } = Stack.of(key);
  const groups = ['/aws/lambda', '/aws/vendedlogs/apis'].map(
    (prefix) => `arn:${partition}:logs:${region}:${account}:log-group:${prefix}/${stage.nameOf('*')}`,
  );
  const conditions = { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } };
  const actions = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey'].map((action) => `kms:${action}`);
  const principals = [new ServicePrincipal(`logs.${region}.amazonaws.com`, { conditions })];
  // In a key's own policy `*` stands for that key.
  key.addToResourcePolicy(new PolicyStatement({ actions, principals, resources: ['*'] }));
  return key;
}
