/** How a piece of text looks. */
export type Style = Partial<Record<'bold' | 'italic' | 'strike' | 'code', true>>;
