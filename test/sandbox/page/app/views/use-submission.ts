import { useMemo, useRef, useState } from 'react';
import type { Submission } from '../../wire.ts';
import type { Form } from '../blocks/form.ts';
import { sendGesture } from '../connection.ts';
import { type Errors, standing } from './standing-errors.ts';

const NONE: ReadonlySet<string> = new Set();

export interface Submitting {
  form: Form;
  /** By block_id, what the last submission was answered. */
  answered: Errors | undefined;
  /** What of it still holds. */
  errors: Errors | undefined;
  /** Why it was not even answered. */
  failure: string | undefined;
  isBusy: boolean;
}

interface Outcome {
  errors?: Errors | undefined;
  failure?: string;
}

/** Submits a view: first what is typed in it, then the whole. Once more only when it is answered. */
export function useSubmission(view: string): Submitting {
  const [outcome, setOutcome] = useState<Outcome>({});
  const [changed, setChanged] = useState<ReadonlySet<string>>(NONE);
  const [isBusy, setBusy] = useState(false);
  const sending = useRef(false);
  const unsent = useRef(new Set<() => void>());

  const form = useMemo<Form>(() => {
    async function submit(): Promise<void> {
      if (sending.current) return;
      sending.current = true;
      setBusy(true);
      for (const send of unsent.current) send();
      const answer = await sendGesture<Submission>({ do: 'submit', view });
      sending.current = false;
      setBusy(false);
      setChanged(NONE);
      setOutcome(answer.ok ? { errors: answer.result?.errors } : { failure: answer.error });
    }
    return {
      submit: () => void submit(),
      change: (block) => setChanged((before) => (before.has(block) ? before : new Set([...before, block]))),
      beforeSubmit(send) {
        unsent.current.add(send);
        return () => void unsent.current.delete(send);
      },
    };
  }, [view]);

  const errors = useMemo(() => outcome.errors && standing(outcome.errors, changed), [outcome.errors, changed]);
  return { form, answered: outcome.errors, errors, failure: outcome.failure, isBusy };
}
