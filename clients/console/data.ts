import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call } from '../http/call.ts';
import { CarillonError } from '../http/problem.ts';

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
const AGAIN_MS = 5_000;

/**
 * Hears of changes from the server; says whether it is connected. A page that is not looked at hangs up: a browser keeps six
 * connections to a host, and a seventh page would wait for ever.
 */
export function listen(tell: (isLive: boolean) => void): () => void {
  let events: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const hangUp = () => {
    clearTimeout(again);
    events?.close();
    events = undefined;
    tell(false);
  };
  const follow = () => {
    if (document.visibilityState === 'hidden') return hangUp();
    if (events) return;
    events = new EventSource('/events');
    events.onopen = () => {
      tell(true);
      lookAll();
    };
    events.onerror = () => {
      tell(false);
      // A browser tries again by itself, but not after a refusal.
      if (events?.readyState !== EventSource.CLOSED) return;
      hangUp();
      again = setTimeout(follow, AGAIN_MS);
    };
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
 * Loads something when a view opens, when `key` changes, and when something changed, at most once in `every` ms. With `keeps` what
 * was loaded for another key is shown until the new comes.
 */
export function useData<Value>(key: string, load: () => Promise<Value>, { keeps = false, every = LEAST_MS } = {}): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: CarillonError }>({ key });
  const current = useRef(key);
  current.current = key;
  const loading = useRef(load);
  loading.current = load;
  // One at a time: an answer that is slow would else come after one that is newer.
  const [reload, stop] = useMemo(() => {
    let isLoading = false;
    let isAsked = false;
    let isOver = false;
    const start = async (): Promise<void> => {
      isAsked = true;
      if (isLoading) return;
      isLoading = true;
      while (isAsked && !isOver) {
        isAsked = false;
        try {
          const value = await loading.current();
          if (current.current === key) setState({ key, value });
        } catch (error) {
          if (current.current === key) setState((before) => ({ ...(before.key === key ? before : { key }), error: failureOf(error) }));
        }
      }
      isLoading = false;
    };
    const stop = () => {
      isOver = true;
    };
    return [() => void start(), stop] as const;
  }, [key]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = performance.now();
    const look = () => {
      if (timer !== undefined || every === Number.POSITIVE_INFINITY) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          reload();
        },
        Math.max(0, last + every - performance.now()),
      );
    };
    reload();
    listeners.add(look);
    return () => {
      listeners.delete(look);
      clearTimeout(timer);
      stop();
    };
  }, [reload]);
  const isOurs = keeps || state.key === key;
  return { value: isOurs ? state.value : undefined, error: isOurs ? state.error : undefined, reload };
}
