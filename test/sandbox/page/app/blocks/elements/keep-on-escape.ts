interface ChangeDetails {
  reason: string;
  cancel(): void;
  allowPropagation(): void;
}

/** True where it was the escape key, which in Slack never empties a select: it is left to the modal around it. */
export function keepOnEscape(details: ChangeDetails): boolean {
  if (details.reason !== 'escape-key') return false;
  details.cancel();
  details.allowPropagation();
  return true;
}
