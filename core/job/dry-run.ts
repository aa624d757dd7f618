import type { WriteJobPorts } from './create-job.ts';

/** Ports over which a write reads what there is and changes nothing, so that its answer is the one it would give. */
export function dryRun(ports: WriteJobPorts): WriteJobPorts {
  const { jobs, engine } = ports;
  const done = async () => ({ is: 'done' }) as const;
  const nothing = async () => undefined;
  return {
    ...ports,
    jobs: {
      ...jobs,
      async create({ id }) {
        const other = await jobs.get(id);
        return other && other.intent !== 'delete' ? 'exists' : 'created';
      },
      async replace({ id, uid, rev }, intent) {
        const before = await jobs.get(id);
        return before?.uid === uid && before.rev === rev - 1 && before.intent === intent ? 'replaced' : 'stale';
      },
      reopen: async () => 'reopened',
      settle: nothing,
      noteMade: nothing,
      remove: nothing,
    },
    engine: {
      put: done,
      remove: done,
      compare: (schedule) => engine.compare(schedule),
      list: (prefix, token) => engine.list(prefix, token),
    },
    queue: { send: nothing },
  };
}
