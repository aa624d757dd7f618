import { handle } from 'hono/aws-lambda';
import { bundledModules } from '../../aws/bundled-modules.ts';
import { controlPorts } from '../../aws/control-ports.ts';
import { runners } from '../../aws/runners.ts';
import { api } from './app.ts';

const manifest = new URL('./manifest/', import.meta.url);

/** Answers the HTTP API (API Gateway payload 2.0). */
export const handler = handle(api({ ...controlPorts(runners(manifest)), catalog: bundledModules(manifest) }));
