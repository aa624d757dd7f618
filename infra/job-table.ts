import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { detailKey, INDEXES, jobKey, KEYS, runKey, SWITCH_KEY, TTL_ATTRIBUTE } from '../aws/table.ts';
import type { JobId, JobUid, RunId } from '../core/ids.ts';
import type { DeploymentStage } from './stage.ts';

/** The partitions of all jobs, runs and details, as a policy's condition writes them. */
const JOBS = jobKey('*' as JobId).pk;
const RUNS = [runKey('*' as JobUid, '' as RunId).pk, detailKey('*' as JobUid, '' as RunId).pk];

/** The one table, as aws/table.ts describes it. */
export class JobTable extends Construct {
  readonly table: Table;
  readonly name: string;
  private readonly arn: string;

  constructor(scope: Construct, id: string, stage: DeploymentStage) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      // Named, so that a change which would replace the table fails and does not start with an empty one.
      tableName: stage.nameOf('jobs'),
      partitionKey: { name: KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: KEYS.sort, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      ...(stage.key && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: stage.key }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !stage.isDisposable,
      removalPolicy: stage.removalPolicy,
    });
    for (const { name, partition, sort, sortType, projection } of Object.values(INDEXES)) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: sortType === 'N' ? AttributeType.NUMBER : AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...projection],
      });
    }
    this.name = this.table.tableName;
    this.arn = this.table.tableArn;
  }

  /** Lets a function read and write every item. */
  grantAll(grantee: LambdaFunction): void {
    const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'].map((action) => `dynamodb:${action}`);
    grantee.addToRolePolicy(new PolicyStatement({ actions, resources: [this.arn] }));
    const indexes = Object.values(INDEXES).map(({ name }) => `${this.arn}/index/${name}`);
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: indexes }));
  }

  /** Lets a function read jobs and the switch, and read and write runs, their details and locks: no module can change a job. */
  grantRuns(grantee: LambdaFunction): void {
    const allow = (partitions: string[], ...actions: string[]) =>
      grantee.addToRolePolicy(
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [this.arn],
          // "For all" holds of none as well.
          conditions: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        }),
      );
    allow([JOBS, SWITCH_KEY.pk, ...RUNS], 'GetItem', 'Query');
    allow(RUNS, 'PutItem', 'UpdateItem', 'DeleteItem');
  }
}
