import { bundledModules } from '../../aws/bundled-modules.ts';
import { controlPorts } from '../../aws/control-ports.ts';
import { handleEvent, type ReconcilerContext } from './handle-event.ts';

const ports = { ...controlPorts(), catalog: bundledModules(new URL('./manifest/', import.meta.url)) };

/**
 * Brings EventBridge in line with the table, and sees to it that every due time has its answer: every five minutes, at each
 * start of a local host, and for every event that could not be delivered.
 */
export const handler = (event: unknown, context: ReconcilerContext) => handleEvent(ports, event, context);
