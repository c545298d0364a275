import { createContext, useContext } from 'react';

/** A modal, as what is typed in it knows it. */
export interface Form {
  submit(): void;
  /** Something else is entered in a block than when it was submitted: what was wrong with it does not hold any more. */
  change(block: string): void;
  /** `send` is called before the form is submitted; returns what ends that. */
  beforeSubmit(send: () => void): () => void;
}

export const FormContext = createContext<Form | undefined>(undefined);

/** Undefined on messages and on Home, which have nothing to submit. */
export const useForm = (): Form | undefined => useContext(FormContext);
