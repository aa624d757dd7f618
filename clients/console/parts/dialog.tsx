import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { CarillonError } from '../../http/problem.ts';
import { failureOf } from '../data.ts';
import { StageContext } from '../stage.ts';
import { Failure } from './states.tsx';

/** Asks before something is done; in production for the stage's name. */
export function Confirm({
  title,
  action,
  isGrave = false,
  work,
  close,
  children,
}: {
  readonly title: string;
  readonly action: string;
  readonly isGrave?: boolean;
  readonly work: () => Promise<unknown>;
  readonly close: () => void;
  readonly children?: ComponentChildren;
}) {
  const { name, isProduction } = useContext(StageContext);
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<CarillonError>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await work();
      close();
    } catch (failed) {
      setError(failureOf(failed));
    }
    setBusy(false);
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="confirm-title">
      <form onSubmit={submit}>
        <h2 id="confirm-title">{title}</h2>
        {children}
        {isProduction && (
          <label>
            This is production. Type <strong>{name}</strong> to go on
            <input value={typed} onInput={(event) => setTyped(event.currentTarget.value)} autocomplete="off" />
          </label>
        )}
        {error && <Failure error={error} />}
        <div class="actions">
          <button type="button" onClick={close}>
            Back
          </button>
          <button type="submit" class={isGrave ? 'grave' : 'main'} disabled={isBusy || (isProduction && typed !== name)}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
