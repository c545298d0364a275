/** By block_id. */
export type Errors = Record<string, string>;

/** What still holds of the errors of a submission after something else was entered in some of its blocks. */
export const standing = (errors: Errors, changed: ReadonlySet<string>): Errors =>
  Object.fromEntries(Object.entries(errors).filter(([block]) => !changed.has(block)));
