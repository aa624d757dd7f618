import type { Template } from 'aws-cdk-lib/assertions';

/** A template is JSON of any shape. */
export type Json = ReturnType<Template['toJSON']>[string];

/** What CloudFormation will make of a value, as far as it can be told: `<RunnerLive>` is the Ref of that resource. */
export function text(value: Json): string {
  if (typeof value === 'string') return value;
  const name = (id: string) => id.replace(/^JobScheduler/, '').replace(/[0-9A-F]{8}$/, '');
  if (value.Ref) return `<${name(value.Ref)}>`;
  if (value['Fn::GetAtt']) return `<${name(value['Fn::GetAtt'][0])}.${value['Fn::GetAtt'][1]}>`;
  if (value['Fn::Join']) return value['Fn::Join'][1].map(text).join(value['Fn::Join'][0]);
  throw new Error(`not a text: ${JSON.stringify(value)}`);
}

export const texts = (values: Json) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
export const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
