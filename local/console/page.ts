import { timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isFromBrowser } from '../loopback.ts';

export interface PageOptions {
  /** Where the built page is, once it is built. */
  readonly folder: () => string | undefined;
  /** What a browser has to bring along: it comes with the address that the terminal prints, and stays in a cookie. */
  readonly token: string;
  /** Whether programs need the token too: what is behind the page is signed with somebody's credentials. */
  readonly isStrict?: boolean;
  /** Which stage is shown, and what may be done. */
  readonly stage: {
    readonly name: string;
    readonly isProduction: boolean;
    readonly readOnly: boolean;
    /** What makes the command line reach it. */
    readonly option: string;
  };
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/console/main.js': ['main.js', 'text/javascript; charset=utf-8'],
  '/console/main.css': ['main.css', 'text/css; charset=utf-8'],
  '/console/icon.svg': ['icon.svg', 'image/svg+xml'],
};

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** Changes that come together are told of once. */
const QUIET_MS = 100;
/** So that a connection that is gone is noticed. */
const ALIVE_MS = 15_000;

/** The console: its files, its session, and word of changes, beside an API on a loopback port. */
export class ConsolePage {
  readonly #options: PageOptions;
  readonly #listeners = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  /** Answers what is the page's own; says whether it did. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const [pathname = '/', query] = (request.url ?? '/').split('?');
    const token = new URLSearchParams(query).get('token');
    if (pathname === '/' && token !== null && request.method === 'GET') this.#begin(request, response, token);
    else if (FILES[pathname] && request.method === 'GET') this.#file(response, FILES[pathname]);
    else if (pathname === '/console/stage.json') this.#own(request, response, () => response.end(JSON.stringify(this.#options.stage)));
    else if (pathname === '/events') this.#own(request, response, () => this.#follow(response));
    else return false;
    return true;
  }

  /** Whether a request of the API may pass: a program's, or one of this page with its token. */
  admits(request: IncomingMessage): boolean {
    if (!isFromBrowser(request) && !this.#options.isStrict) return true;
    const { origin, host, cookie = '', 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined && origin !== `http://${host}`) return false;
    // An address that was typed or a bookmark is of no page ("none"), and reads only.
    if (site !== undefined && site !== 'same-origin' && !(site === 'none' && request.method === 'GET')) return false;
    const name = cookieName(request);
    return cookie.split(/; */).some((one) => one.startsWith(`${name}=`) && this.#isToken(one.slice(name.length + 1)));
  }

  /** Tells the pages that something changed. */
  changed(): void {
    if (this.#timer !== undefined || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const response of this.#listeners) response.write('data: changed\n\n');
    }, QUIET_MS);
  }

  #begin(request: IncomingMessage, response: ServerResponse, token: string): void {
    if (!this.#isToken(token))
      return void response.writeHead(403, HEADERS).end('The token is of another session: take the address that the terminal printed.');
    const cookie = `${cookieName(request)}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, { ...HEADERS, 'Set-Cookie': cookie, Location: '/' }).end();
  }

  #file(response: ServerResponse, [file, type]: readonly [string, string]): void {
    const folder = this.#options.folder();
    if (folder === undefined) return void response.writeHead(503, { 'Retry-After': '1' }).end('The page is not built yet.');
    const stream = createReadStream(join(folder, file));
    stream.on('open', () => response.writeHead(200, { ...HEADERS, 'Content-Type': type }));
    stream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(503).end()));
    stream.pipe(response);
  }

  #own(request: IncomingMessage, response: ServerResponse, answer: () => unknown): void {
    if (!this.admits(request)) return void refuse(response);
    if (request.method !== 'GET') return void response.writeHead(405).end();
    answer();
  }

  #follow(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).write(': here\n\n');
    this.#listeners.add(response);
    const alive = setInterval(() => response.write(': here\n\n'), ALIVE_MS);
    response.on('close', () => {
      clearInterval(alive);
      this.#listeners.delete(response);
    });
  }

  #isToken(text: string): boolean {
    const [given, own] = [Buffer.from(text), Buffer.from(this.#options.token)];
    return given.length === own.length && timingSafeEqual(given, own);
  }
}

const NO_TOKEN = 'A web page needs the token of this session: open the address that the terminal printed.';

/** Refuses a request of a web page, in the form of the API's own refusals. */
export function refuse(response: ServerResponse, detail = NO_TOKEN): void {
  const problem = {
    type: 'urn:carillon:problem:forbidden',
    title: 'The request is not allowed from there',
    status: 403,
    code: 'forbidden',
    detail,
    errors: [],
  };
  response.writeHead(403, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem));
}

/** Cookies are shared by all ports of a host. */
function cookieName({ headers }: IncomingMessage): string {
  return `carillon-${/:(\d+)$/.exec(headers.host ?? '')?.[1] ?? '80'}`;
}
