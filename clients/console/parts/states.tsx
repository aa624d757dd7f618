import type { ComponentChildren } from 'preact';
import type { CarillonError } from '../../http/problem.ts';
import type { Loaded } from '../data.ts';

/** What is loaded, or that it is being loaded, or why it cannot be; what is there stays when a later look fails. */
export function Shown<Value>({ of, children }: { readonly of: Loaded<Value>; readonly children: (value: Value) => ComponentChildren }) {
  const { value, error, reload } = of;
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
}: {
  readonly error: CarillonError;
  readonly retry?: () => void;
  readonly isOld?: boolean;
}) {
  return (
    <div class="failure" role="alert">
      <strong>
        {isOld ? 'What you see is old: ' : ''}
        {error.message}
      </strong>
      {error.code && <code>{error.code}</code>}
      {error.code === 'forbidden' && <p>Open the address that the terminal printed: it carries the token of this session.</p>}
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

/** A text to be copied. */
export function Copy({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  return (
    <button type="button" class="quiet" onClick={() => void navigator.clipboard.writeText(text)}>
      {label}
    </button>
  );
}
