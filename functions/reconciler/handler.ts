import { controlPorts } from '../../aws/control-ports.ts';
import { type ReconcileRequest, reconcile } from '../../core/reconcile.ts';

const ports = controlPorts();

/** A minute is longer than any write takes that may still be under way. */
const ROUTINE: ReconcileRequest = { settledForMs: 60_000, walk: false };

/** Brings EventBridge in line with the table. */
export const handler = (event: Partial<ReconcileRequest>) => reconcile(ports, { ...ROUTINE, ...event });
