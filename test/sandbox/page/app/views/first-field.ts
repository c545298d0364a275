const FIELDS = 'input:not([type="hidden"], [aria-hidden="true"]), textarea, [role="checkbox"], [role="radio"]';

/** Where one begins to fill in a modal. */
export const firstField = (modal: Element | null): HTMLElement | undefined =>
  modal?.querySelector<HTMLElement>(`.modal-body :is(${FIELDS})`) ?? undefined;

/** Where one goes on after a refused submission. */
export const firstInvalid = (blocks: Element | null): HTMLElement | undefined =>
  blocks?.querySelector<HTMLElement>(`:is(${FIELDS})[aria-invalid="true"]`) ?? undefined;
