import { handle } from 'hono/aws-lambda';
import { bundledModules } from '../../aws/bundled-modules.ts';
import { controlPorts } from '../../aws/control-ports.ts';
import { api } from './app.ts';

/** Answers the HTTP API (API Gateway payload 2.0). */
export const handler = handle(api({ ...controlPorts(), catalog: bundledModules(new URL('./manifest/', import.meta.url)) }));
