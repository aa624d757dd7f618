import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../http/call.ts';
import { CarillonError } from '../http/problem.ts';

/** Which stage the page shows, and what it may do. */
export interface StageInfo {
  readonly name: string;
  readonly isProduction: boolean;
  readonly readOnly: boolean;
}

const connection = { endpoint: location.origin, attempts: 2 };

/** Asks the API. */
export async function get<Answer>(path: string): Promise<Answer> {
  return (await call(connection, { method: 'GET', path })).json as Answer;
}

export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly ifRev?: number;
}

/** Changes something; what would have an effect twice carries a key. */
export async function change<Answer = unknown>({ method, path, body, ifRev }: Change): Promise<Answer> {
  const isKeyed = method === 'POST' && /\/(run|retry|backfill)$|^\/v1\/jobs$/.test(path);
  const headers = { ...(isKeyed && { 'Idempotency-Key': crypto.randomUUID() }), ...(ifRev !== undefined && { 'If-Match': `"${ifRev}"` }) };
  return (await call(connection, { method, path, headers, ...(method !== 'DELETE' && { body: body ?? {} }) })).json as Answer;
}

/** What went wrong, as it can be shown. */
export function failureOf(error: unknown): CarillonError {
  return error instanceof CarillonError ? error : new CarillonError(0, 'internal', String(error), [], error);
}

/** What is known of something that is asked for: the last answer stays while the next one is awaited, or cannot be had. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: CarillonError | undefined;
  readonly reload: () => void;
}

/** Told when something of the stage changed, or when it is time to look. */
const listeners = new Set<() => void>();
/** However much happens, a view asks again once in so long. */
const LEAST_MS = 1_000;

/**
 * Hears of changes from the server; says whether it is connected. A page that is not looked at hangs up: a browser keeps six
 * connections to a host, and a seventh page would wait for ever.
 */
export function listen(tell: (isLive: boolean) => void): () => void {
  let events: EventSource | undefined;
  const hangUp = () => {
    events?.close();
    events = undefined;
  };
  const follow = () => {
    if (document.visibilityState === 'hidden') return hangUp();
    if (events) return;
    events = new EventSource('/events');
    events.onopen = () => {
      tell(true);
      lookAll();
    };
    events.onerror = () => tell(false);
    events.onmessage = lookAll;
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    hangUp();
  };
}

function lookAll(): void {
  for (const look of listeners) look();
}

/**
 * Loads something when a view opens, when `key` changes, and whenever something changed. With `keeps` what was loaded for another
 * key is shown until the new comes.
 */
export function useData<Value>(key: string, load: () => Promise<Value>, { keeps = false } = {}): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: CarillonError }>({ key });
  const current = useRef(key);
  current.current = key;
  const loading = useRef(load);
  loading.current = load;
  const reload = useCallback(() => {
    loading.current().then(
      (value) => current.current === key && setState({ key, value }),
      (error) => current.current === key && setState((before) => ({ ...(before.key === key ? before : { key }), error: failureOf(error) })),
    );
  }, [key]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = performance.now();
    const look = () => {
      if (timer !== undefined) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          reload();
        },
        Math.max(0, last + LEAST_MS - performance.now()),
      );
    };
    reload();
    listeners.add(look);
    return () => {
      listeners.delete(look);
      clearTimeout(timer);
    };
  }, [reload]);
  const isOurs = keeps || state.key === key;
  return { value: isOurs ? state.value : undefined, error: isOurs ? state.error : undefined, reload };
}
