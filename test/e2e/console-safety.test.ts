import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local/loopback.ts';
import { confirm, consoleHost } from '../support/console-host.ts';
import { freePort } from '../support/project.ts';

/** The console in a real browser that also has pages of others, and in front of a deployed stage. */
const { started, open } = consoleHost({
  slow: `import { defineModule } from 'carillon';
    import * as z from 'zod';
    export default defineModule({ description: 'Greets', input: z.object({ who: z.string() }), run: ({ who }, { log }) => log.info(who) });`,
});
beforeAll(async () => {
  await started.host.request('POST', '/v1/jobs', { id: 'greeter', module: 'slow', schedule: 'rate(5 seconds)', input: { who: 'Ada' } });
});
const NASTY = ['<img src=x onerror="window.hacked=1">', '"><script>window.hacked=1</script>', "javascript:alert('x')", '{{7*7}}'];

describe('the console', { timeout: 60_000 }, () => {
  it('shows text as text, wherever it comes from', async () => {
    for (const [n, nasty] of NASTY.entries())
      await started.host.request('POST', '/v1/jobs', {
        id: `nasty-${n}`,
        module: 'slow',
        schedule: 'rate(1 day)',
        description: nasty,
        tags: [nasty.slice(0, 50)],
        input: { who: nasty },
      });
    await started.host.request('POST', '/v1/jobs/nasty-0/run');
    await started.host.request('POST', '/v1/jobs/nasty-1/pause', { reason: NASTY[1] });
    const page = await open();
    for (const hash of [
      '#/',
      '#/jobs',
      '#/jobs/nasty-0',
      '#/jobs/nasty-1',
      `#/jobs?q=${encodeURIComponent(NASTY[0] ?? '')}`,
      '#/new?from=nasty-1',
      `#/jobs/${encodeURIComponent(NASTY[1] ?? '')}`,
    ]) {
      await page.goto(`${started.host.url}/${hash}`);
      await page.locator('main :is(h1, h2, [role=alert])').first().waitFor();
      // Text that was taken for markup would be there as elements, whether or not they did anything yet.
      expect(await page.locator('main :is(img, script, [onerror], a[href^="javascript:"])').count(), hash).toBe(0);
      expect(await page.evaluate("'hacked' in window"), hash).toBe(false);
    }
    for (const n of NASTY.keys()) await started.host.request('DELETE', `/v1/jobs/nasty-${n}`);
  });
});

describe('the console of a deployed stage', { timeout: 60_000 }, () => {
  let stage: Server;
  let proxy: ChildProcessWithoutNullStreams;
  let address: string;
  const signatures: string[] = [];
  beforeAll(async () => {
    // A stage that is not this machine as far as anybody can tell: it takes signed requests only.
    stage = createServer(async (request, response) => {
      const signature = request.headers.authorization ?? '';
      signatures.push(signature);
      if (!signature.startsWith('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/')) return response.writeHead(403).end('{"message":"Forbidden"}');
      const body = await text(request);
      const answer = await fetch(`${started.host.url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { 'Content-Type': 'application/json' },
        ...(body && { body }),
      });
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') ?? '' }).end(await answer.text());
    });
    await once(stage.listen(0, '127.0.0.2'), 'listening');
    const endpoint = `http://127.0.0.2:${(stage.address() as AddressInfo).port}`;
    const command = ['local/start.mjs', 'clients/cli/main.ts', 'console', '--endpoint', endpoint, '--port', String(await freePort())];
    const env = { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };
    proxy = spawn(process.execPath, command, { cwd: started.project.root, env });
    // Read on to the end: a process whose output nobody takes dies of it.
    const [line] = await once(createInterface({ input: proxy.stdout }), 'line');
    address = /^console (\S+)$/.exec(line)?.[1] ?? `not an address: ${line}`;
  });
  afterAll(async () => {
    proxy.kill();
    await close(stage);
  });

  it('is the same page, and signs what it asks', async () => {
    const page = await (await started.browser.newContext()).newPage();
    await page.goto(address);
    await page
      .getByText(/^127\.0\.0\.2/)
      .first()
      .waitFor();
    await page.goto(`${new URL(address).origin}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Pause greeter' }).click();
    await confirm(page, 'Pause');
    await page.getByText('Paused by somebody').waitFor();
    expect((await started.host.request('GET', '/v1/jobs/greeter')).json.state).toBe('paused');
    expect(signatures.length).toBeGreaterThan(5);
    expect(signatures.every((one) => one.includes('/eu-central-1/execute-api/aws4_request'))).toBe(true);
    expect((await fetch(`${new URL(address).origin}/v1/jobs`)).status).toBe(403);
  });
});

describe('a page of another site', { timeout: 60_000 }, () => {
  let other: Server;
  let port: number;
  beforeAll(async () => {
    other = createServer((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<form method="post" enctype="text/plain"><input name="x"></form>'),
    );
    port = await listen(other);
  });
  afterAll(() => close(other));

  it('neither reads nor changes anything, with the cookie of the console in the same browser', async () => {
    const page = await open();
    await page.goto(`http://127.0.0.1:${port}/`);
    const api = `${started.host.url}/v1/jobs`;
    const read = await page.evaluate(
      (url) =>
        fetch(url, { credentials: 'include' }).then(
          (answer) => answer.status,
          () => 'refused',
        ),
      api,
    );
    expect(read).toBe('refused');
    const body = JSON.stringify({ id: 'forged', module: 'slow', schedule: 'rate(1 day)', input: { who: 'x' } });
    await page.evaluate(
      ([url = '', text = '']) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: text }).catch(() => undefined),
      [api, body],
    );
    const posted = page.waitForResponse((response) => response.url().startsWith(api));
    await page.evaluate(`document.forms[0].action = ${JSON.stringify(api)}; document.forms[0].submit()`);
    expect((await posted).status()).toBe(403);
    expect((await started.host.request('GET', '/v1/jobs/forged')).status).toBe(404);
  });

  it('is told what is missing when it opens the console without its token', async () => {
    const page = await (await started.browser.newContext()).newPage();
    await page.goto(started.host.url);
    await page.getByText('needs the token of this session').first().waitFor();
  });
});
