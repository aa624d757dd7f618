import * as z from 'zod';
import type { ModuleManifest } from '../ports.ts';

/** Making a schema takes a hundred times as long as using it; manifests are read once. */
const schemas = new WeakMap<object, z.ZodType>();

/** The schema that a module's JSON Schema stands for; only the usual build of zod reads these, so this file is loaded when an input is to be checked. */
export function schemaOf(json: NonNullable<ModuleManifest['input']>): z.ZodType {
  const known = schemas.get(json) ?? z.fromJSONSchema(json as z.core.JSONSchema.JSONSchema);
  schemas.set(json, known);
  return known;
}
