import * as z from 'zod';

/** The parameters of targets, as the service model (2021-06-30) has them; a pattern is printed as the model writes it. */
const text = (min: number, max: number) => z.string().min(min).max(max);
const onOff = z.enum(['ENABLED', 'DISABLED']);
const tagMap = z.record(text(1, 128), text(1, 256));

const capacityProvider = z.object({
  capacityProvider: text(1, 255),
  base: z.int().min(0).max(100_000).optional(),
  weight: z.int().min(0).max(1_000).optional(),
});

const awsvpcConfiguration = z.object({
  Subnets: z.array(text(1, 1_000)).min(1).max(16),
  SecurityGroups: z.array(text(1, 1_000)).min(1).max(5).optional(),
  AssignPublicIp: onOff.optional(),
});

export const ecsParameters = z.object({
  TaskDefinitionArn: text(1, 1_600),
  TaskCount: z.int().min(1).max(10).optional(),
  LaunchType: z.enum(['EC2', 'FARGATE', 'EXTERNAL']).optional(),
  NetworkConfiguration: z.object({ awsvpcConfiguration: awsvpcConfiguration.optional() }).optional(),
  PlatformVersion: text(1, 64).optional(),
  Group: text(1, 255).optional(),
  CapacityProviderStrategy: z.array(capacityProvider).max(6).optional(),
  EnableECSManagedTags: z.boolean().optional(),
  EnableExecuteCommand: z.boolean().optional(),
  PlacementConstraints: z
    .array(z.object({ type: z.enum(['distinctInstance', 'memberOf']).optional(), expression: text(0, 2_000).optional() }))
    .max(10)
    .optional(),
  PlacementStrategy: z
    .array(z.object({ type: z.enum(['random', 'spread', 'binpack']).optional(), field: text(0, 255).optional() }))
    .max(5)
    .optional(),
  PropagateTags: z.enum(['TASK_DEFINITION']).optional(),
  ReferenceId: text(0, 1_024).optional(),
  Tags: z.array(tagMap).max(50).optional(),
});

export const eventBridgeParameters = z.object({
  DetailType: text(1, 128),
  Source: z
    .string()
    .regex(/^(?!aws\.)[/.\-_A-Za-z0-9]+$|^\$(\.[\w-]+(\[(\d+|\*)\])*)*$/, {
      error: String.raw`(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)`,
    })
    .min(1)
    .max(256),
});

export const kinesisParameters = z.object({ PartitionKey: text(1, 256) });

const pipelineParameter = z.object({
  Name: z
    .string()
    .regex(/^[A-Za-z0-9\-_]*$/)
    .min(1)
    .max(256),
  Value: text(1, 1_024),
});

export const sageMakerPipelineParameters = z.object({ PipelineParameterList: z.array(pipelineParameter).max(200).optional() });

export const sqsParameters = z.object({ MessageGroupId: text(1, 128).optional() });
