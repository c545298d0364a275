import { createContext, useContext } from 'react';

/** A modal, as what is typed in it knows it. */
export interface Form {
  submit(): void;
  /** `send` is called before the form is submitted; returns what ends that. */
  beforeSubmit(send: () => void): () => void;
}

export const FormContext = createContext<Form | undefined>(undefined);

/** Undefined on messages and on Home, which have nothing to submit. */
export const useForm = (): Form | undefined => useContext(FormContext);
