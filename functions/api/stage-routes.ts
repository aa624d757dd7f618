import { emptyBody, reasonBody } from '../../core/contract/bodies.ts';
import { isoInstant } from '../../core/contract/instant.ts';
import type { Hold } from '../../core/ports.ts';
import { release } from '../../core/run/release.ts';
import { problem } from './problem.ts';
import { readPlain } from './read-request.ts';
import type { ApiPorts, Routes } from './routes.ts';

/** How the stage is, and its switch. */
export function stageRoutes(ports: ApiPorts): Routes {
  const { stage, jobs, clock } = ports;
  return {
    '/v1/health': {
      async GET(c) {
        const [oldestPending, hold] = await Promise.all([jobs.pending(clock.now() - 120_000, 1), stage.look()]);
        return c.json({
          status: 'ok',
          tzdata: process.versions.tz ?? 'unknown',
          /** Whether a change has waited for EventBridge for more than two minutes. */
          changesAreStuck: oldestPending.length > 0,
          held: shown(hold),
        });
      },
    },
    '/v1/hold': {
      async POST(c) {
        const body = await readPlain(c, reasonBody, {});
        if (!body.ok) return problem(c, body.refusal);
        const hold = { reason: body.value.reason ?? null, at: clock.now() };
        await stage.hold(hold);
        return c.json({ held: shown(hold) });
      },
    },
    '/v1/release': {
      async POST(c) {
        const body = await readPlain(c, emptyBody, {});
        if (!body.ok) return problem(c, body.refusal);
        await release(ports);
        return c.json({ held: null });
      },
    },
  };
}

function shown(hold: Hold | null) {
  return hold && { reason: hold.reason, since: isoInstant(hold.at) };
}
