import { defineModule, GiveUp } from 'carillon';
import * as z from 'zod';

/** Calls another system. Its key lets the receiver tell a repeated call from a new one. */
export default defineModule({
  description: 'POST JSON to a URL, with an Idempotency-Key header',
  input: z.object({
    url: z.url({ protocol: /^https?$/ }),
    body: z.json().default({}),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  policies: { timeout: '30s' },
  async run({ url, body, headers }, { idempotencyKey, signal, log }) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers, 'Idempotency-Key': idempotencyKey },
      body: JSON.stringify(body),
      signal,
    });
    log.info('answered', { url, status: response.status });
    // The receiver will not like the same request any better next time.
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw new GiveUp(`${url} answered ${response.status}`);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return { status: response.status };
  },
});
