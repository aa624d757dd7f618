import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CarillonError } from '../../http/problem.ts';
import type { Loaded } from '../data.ts';
import { href } from '../page.ts';

/** What is loaded, or that it is being loaded, or why it cannot be; what is there stays when a later look fails. */
export function Shown<Value>({ of, children }: { readonly of: Loaded<Value>; readonly children: (value: Value) => ComponentChildren }) {
  const { value, error, reload } = of;
  // What was deleted is not shown as if it were there.
  if (error?.status === 404)
    return (
      <Failure error={error}>
        <a href={href(['jobs'])}>All jobs</a>
      </Failure>
    );
  return (
    <>
      {error && <Failure error={error} retry={reload} isOld={value !== undefined} />}
      {value !== undefined ? children(value) : !error && <p class="loading">Loading …</p>}
    </>
  );
}

export function Failure({
  error,
  retry,
  isOld = false,
  children,
}: {
  readonly error: CarillonError;
  readonly retry?: () => void;
  readonly isOld?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="failure" role="alert">
      <strong>
        {isOld ? 'What you see is old: ' : ''}
        {error.message}
      </strong>
      {error.code && <code>{error.code}</code>}
      {children}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="empty">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** A text to be copied; says whether it was. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    const outcome = await navigator.clipboard.writeText(text).then(
      () => 'copied',
      () => 'the browser refused',
    );
    setSaid(outcome);
    setTimeout(() => setSaid(''), SAID_MS);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {label}
      <span role="status">{said && ` · ${said}`}</span>
    </button>
  );
}

const SAID_MS = 2_000;
