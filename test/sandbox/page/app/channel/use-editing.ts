import { useCallback, useState } from 'react';
import { focusComposer } from './composer-focus.ts';
import type { Spot } from './sending.ts';

export interface Editing {
  /** ts of the message that is being edited. */
  editing: string | undefined;
  /** Undefined: none any more; then one writes on below. */
  onEdit: (ts: string | undefined) => void;
}

/** Which message of one's own is being edited in a place: one at a time. */
export function useEditing({ channel, thread }: Spot): Editing {
  const [editing, setEditing] = useState<string>();
  const onEdit = useCallback(
    (ts: string | undefined) => {
      setEditing(ts);
      if (ts === undefined) focusComposer({ channel, thread });
    },
    [channel, thread],
  );
  return { editing, onEdit };
}
