import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** `carillon-x-runner-y` is the runner of class y in stage x, and may not be the part y of a stage x-runner. */
const NAME = /^(?!.*-runner(-|$))[a-z][a-z0-9-]{0,19}$/;

export interface DeploymentStageProps {
  readonly name: string;
  readonly isDisposable?: boolean | undefined;
  readonly logRetention?: RetentionDays | undefined;
}

/** One deployment in an account and region, and what all of its resources share. */
export class DeploymentStage {
  readonly name: string;
  /** What a stage stores outlives its stack unless it is disposable. */
  readonly isDisposable: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: RetentionDays;
  /** The customer's own key for table, queues and logs; AWS's without. */
  key: IKey | undefined;

  constructor({ name, isDisposable = false, logRetention = RetentionDays.ONE_MONTH }: DeploymentStageProps) {
    if (!NAME.test(name))
      throw new Error(
        `stage "${name}": up to 20 lower-case letters, digits and "-", the first a letter, without "-runner"; use \`-c stage=dev\``,
      );
    this.name = name;
    this.isDisposable = isDisposable;
    this.removalPolicy = isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.logRetention = logRetention;
  }

  /** The name of a resource of this stage. */
  nameOf(part: string): string {
    return `carillon-${this.name}-${part}`;
  }

  /** Lets a role read and write what is encrypted with the stage's key, if it has one. */
  grantKey(role: IRole): void {
    if (!this.key) return;
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const services = ['dynamodb', 'sqs'].map((service) => `${service}.${Stack.of(role).region}.amazonaws.com`);
    const conditions = { StringEquals: { 'kms:ViaService': services } };
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.key.keyArn], conditions }));
  }
}
