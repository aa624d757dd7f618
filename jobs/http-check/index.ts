import { defineModule } from 'carillon';
import * as z from 'zod';

/** Fails when a URL does not answer as it should: an uptime check. */
export default defineModule({
  description: 'Fetch a URL and check its status and how long it took',
  input: z.object({
    url: z.url({ protocol: /^https?$/ }),
    status: z.int().min(100).max(599).default(200),
    maxMs: z.int().min(1).default(5_000),
  }),
  policies: { timeout: '30s' },
  async run({ url, status, maxMs }, { signal, log }) {
    const started = performance.now();
    const response = await fetch(url, { signal });
    const bytes = (await response.arrayBuffer()).byteLength;
    const ms = Math.round(performance.now() - started);
    log.info('answered', { url, status: response.status, bytes, ms });
    if (response.status !== status) throw new Error(`${url} answered ${response.status}, expected ${status}`);
    if (ms > maxMs) throw new Error(`${url} took ${ms} ms, allowed are ${maxMs} ms`);
    return { status: response.status, bytes, ms };
  },
});
