import { useMemo, useRef, useState } from 'react';
import type { Submission } from '../../wire.ts';
import type { Form } from '../blocks/form.ts';
import { sendGesture } from '../connection.ts';

export interface Submitting {
  form: Form;
  /** By block_id, of the last submission. */
  errors: Record<string, string> | undefined;
  /** Why it was not even answered. */
  failure: string | undefined;
  isBusy: boolean;
}

interface Outcome {
  errors?: Record<string, string> | undefined;
  failure?: string;
}

/** Submits a view: first what is typed in it, then the whole. Once more only when it is answered. */
export function useSubmission(view: string): Submitting {
  const [outcome, setOutcome] = useState<Outcome>({});
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
      setOutcome(answer.ok ? { errors: answer.result?.errors } : { failure: answer.error });
    }
    return {
      submit: () => void submit(),
      beforeSubmit(send) {
        unsent.current.add(send);
        return () => void unsent.current.delete(send);
      },
    };
  }, [view]);

  return { form, errors: outcome.errors, failure: outcome.failure, isBusy };
}
