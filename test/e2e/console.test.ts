import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local/loopback.ts';
import { startBrowser } from '../support/browser.ts';
import { DevHost, freePort, makeProject } from '../support/project.ts';

/** The console in a real browser, against the local host. */
const MODULES = {
  slow: `import { defineModule } from 'carillon';
    import * as z from 'zod';
    export default defineModule({
      description: 'Takes its time',
      input: z.object({ who: z.string(), seconds: z.int().default(0) }),
      async run({ who, seconds }, { log, progress }) {
        log.info('hello ' + who);
        progress(1, 2, 'parts');
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        return { told: who };
      },
    });`,
  flaky: `import { defineModule } from 'carillon';
    export default defineModule({ description: 'Fails', run() { throw new Error('rows is not iterable'); } });`,
};
const NASTY = ['<img src=x onerror="window.hacked=1">', '"><script>window.hacked=1</script>', "javascript:alert('x')", '{{7*7}}'];

let project: Awaited<ReturnType<typeof makeProject>>;
let host: DevHost;
let browser: Browser;
let link: string;
const errors: string[] = [];
beforeAll(async () => {
  project = await makeProject(MODULES);
  host = new DevHost(project.root, await freePort(), [], 'node');
  [browser] = await Promise.all([startBrowser(), host.prints(/^console /m)]);
  link = /^console (.*)$/m.exec(host.output)?.[1] ?? '';
});
afterAll(async () => {
  await browser.close();
  await host.end('SIGTERM');
  await project.remove();
});

/** A page is gone after its test. */
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(link);
  return page;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** Says yes to the question that was asked. */
const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

describe('the console', { timeout: 60_000 }, () => {
  it('teaches, and makes a job with a form whose schedule it explains', async () => {
    const page = await open();
    await page.getByText('No jobs yet').waitFor();
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByLabel('Id').fill('greeter');
    await page.getByLabel('Module').selectOption('slow');
    await page.getByLabel('who').fill('Ada');
    await page.getByRole('tab', { name: 'Every' }).click();
    await page.getByLabel('Every so many').fill('2');
    await page.getByLabel('Unit').selectOption('seconds');
    await page.getByText('Every 2 seconds').waitFor();
    await page.getByLabel('Time zone', { exact: true }).fill('Mars/Phobos');
    await page.getByRole('alert').getByText('IANA').waitFor();
    await page.getByLabel('Time zone', { exact: true }).fill('Europe/Berlin');
    await page.getByText('Every 2 seconds').waitFor();
    await press(page, 'Create job');
    await page.getByRole('heading', { name: /^greeter/ }).waitFor();
  });

  it('shows it fire live, and what it said', async () => {
    const page = await open();
    await page.goto(`${host.url}/#/jobs/greeter`);
    const row = page.getByRole('row').filter({ hasText: 'succeeded' }).first();
    await row.waitFor();
    const before = await page.getByRole('row').count();
    await page.getByRole('row').nth(before).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('log').getByText('hello Ada').waitFor();
    await page.getByText('"told": "Ada"').waitFor();
  });

  it('pauses, runs now with a log that follows, edits, and resumes', async () => {
    const page = await open();
    await page.goto(`${host.url}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Pause greeter' }).click();
    await page.getByLabel('Reason').fill('for a look');
    await confirm(page, 'Pause');
    await page.getByText('Paused by somebody').waitFor();
    await page.getByText('for a look').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('seconds').fill('3');
    await press(page, 'Save');
    await page.getByRole('button', { name: 'Run now greeter' }).click();
    await confirm(page, 'Run now');
    await page.getByText('running').first().waitFor();
    await page.getByText('succeeded').first().waitFor({ timeout: 15_000 });
    await page.goto(`${host.url}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Resume greeter' }).click();
    await confirm(page, 'Resume');
    await page.getByText('Paused by somebody').waitFor({ state: 'detached' });
  });

  it('shows what failed where one looks first, runs it again, and deletes', async () => {
    await host.request('POST', '/v1/jobs', { id: 'flaky', schedule: 'rate(1 day)' });
    await host.request('POST', '/v1/jobs/flaky/run');
    const page = await open();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('rows is not iterable').waitFor();
    await attention.getByRole('link', { name: 'flaky' }).click();
    await page.getByRole('heading', { name: 'Error' }).waitFor();
    await press(page, 'Run again');
    const first = page.url();
    await confirm(page, 'Run again');
    await page.waitForURL((url) => url.href !== first);
    await page.getByText(/by retry/).waitFor();
    await page.goto(`${host.url}/#/jobs/flaky`);
    await page.getByRole('button', { name: 'Delete flaky' }).click();
    await confirm(page, 'Delete');
    await page.waitForURL(/#\/jobs$/);
    expect((await host.request('GET', '/v1/jobs/flaky')).status).toBe(404);
  });

  it('is used by keys alone', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'What ran, what is due' }).waitFor();
    await page.keyboard.type('gj');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('gree');
    await page.waitForURL(/q=gree/);
    await page.getByRole('row').filter({ hasText: 'greeter' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^greeter/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.getByText('Run greeter now?').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'New job' }).waitFor();
  });

  it('shows text as text, wherever it comes from', async () => {
    for (const [n, nasty] of NASTY.entries())
      await host.request('POST', '/v1/jobs', {
        id: `nasty-${n}`,
        module: 'slow',
        schedule: 'rate(1 day)',
        description: nasty,
        tags: [nasty.slice(0, 50)],
        input: { who: nasty },
      });
    await host.request('POST', '/v1/jobs/nasty-0/run');
    await host.request('POST', '/v1/jobs/nasty-1/pause', { reason: NASTY[1] });
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
      await page.goto(`${host.url}/${hash}`);
      await page.waitForTimeout(300);
      expect(await page.evaluate("'hacked' in window"), hash).toBe(false);
    }
    for (const n of NASTY.keys()) await host.request('DELETE', `/v1/jobs/nasty-${n}`);
  });

  it('has no serious fault of accessibility in any view, light, dark and small', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const { runs } = (await host.request('GET', '/v1/jobs/greeter/runs')).json;
    const views = [
      '#/',
      '#/jobs',
      '#/jobs/greeter',
      `#/jobs/greeter/runs/${runs[0].runId}`,
      '#/new',
      '#/jobs/greeter/edit',
      '#/modules',
      '#/api',
    ];
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 360, height: 780 } }] as const) {
      const page = await open(options);
      await page.evaluate(axe);
      for (const view of views) {
        await page.evaluate(`location.assign(${JSON.stringify(view)})`);
        await page.locator('main h1, main h2').first().waitFor();
        const found = await page.evaluate(async () => {
          // biome-ignore lint/suspicious/noExplicitAny: it was put there as a text
          const { violations } = await (globalThis as any).axe.run();
          return violations
            .filter((one: { impact: string }) => ['serious', 'critical'].includes(one.impact))
            .map((one: { id: string; nodes: { html: string }[] }) => `${one.id}: ${one.nodes[0]?.html}`);
        });
        expect(found, `${view} ${JSON.stringify(options)}`).toEqual([]);
        if ('viewport' in options) expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(360);
      }
    }
  });

  it('threw no error meanwhile', () => {
    expect(errors.filter((text) => !/404|Failed to load resource/.test(text))).toEqual([]);
  });
});

describe('the console of a deployed stage', { timeout: 60_000 }, () => {
  let stage: Server;
  let proxy: ChildProcess;
  let address = '';
  const signatures: string[] = [];
  beforeAll(async () => {
    // A stage that is not this machine as far as anybody can tell: it takes signed requests only.
    stage = createServer(async (request, response) => {
      const signature = request.headers.authorization ?? '';
      signatures.push(signature);
      if (!signature.startsWith('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/')) return response.writeHead(403).end('{"message":"Forbidden"}');
      const body = await text(request);
      const answer = await fetch(`${host.url}${request.url}`, {
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
    proxy = spawn(process.execPath, command, { cwd: project.root, env });
    for await (const chunk of proxy.stdout ?? []) {
      address = /^console (\S+)$/m.exec(String(chunk))?.[1] ?? address;
      if (address) break;
    }
  });
  afterAll(async () => {
    proxy.kill();
    await close(stage);
  });

  it('is the same page, and signs what it asks', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(address);
    await page
      .getByText(/^127\.0\.0\.2/)
      .first()
      .waitFor();
    await page.goto(`${new URL(address).origin}/#/jobs/greeter`);
    await page.getByRole('button', { name: 'Pause greeter' }).click();
    await confirm(page, 'Pause');
    await page.getByText('Paused by somebody').waitFor();
    expect((await host.request('GET', '/v1/jobs/greeter')).json.state).toBe('paused');
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
    const api = `${host.url}/v1/jobs`;
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
    expect((await host.request('GET', '/v1/jobs/forged')).status).toBe(404);
  });

  it('is told what is missing when it opens the console without its token', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(host.url);
    await page.getByText('it carries the token of this session').first().waitFor();
  });
});
