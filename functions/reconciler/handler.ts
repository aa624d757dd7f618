import { bundledModules } from '../../aws/bundled-modules.ts';
import { controlPorts } from '../../aws/control-ports.ts';
import { type ReconcileRequest, reconcile } from '../../core/reconcile.ts';

const ports = { ...controlPorts(), catalog: bundledModules(new URL('./manifest/', import.meta.url)) };

/** A minute is longer than any write takes that may still be under way. */
const ROUTINE: ReconcileRequest = { settledForMs: 60_000, account: false, restore: false };

/** Brings EventBridge in line with the table, and sees to it that every due time has its answer. */
export const handler = (event: Partial<ReconcileRequest>) => reconcile(ports, { ...ROUTINE, ...event });
