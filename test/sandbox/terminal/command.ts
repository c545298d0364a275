import type { Trouble } from '../scene/scene.ts';

/** What a person in the workspace does. `on` is a message's number; absent: the newest that fits. */
export type Deed =
  | { do: 'say'; text: string }
  | { do: 'reply'; text: string; on: number | undefined }
  | { do: 'dm'; text: string }
  | { do: 'slash'; command: string; text: string }
  | { do: 'click'; label: string; on: number | undefined }
  | { do: 'react'; emoji: string; on: number | undefined }
  | { do: 'unreact'; emoji: string; on: number | undefined }
  | { do: 'run'; shortcut: string; on: number | undefined }
  | { do: 'fill'; label: string; value: string }
  | { do: 'choose'; label: string; value: string; on: number | undefined }
  | { do: 'submit' }
  | { do: 'close' }
  | { do: 'home' };

/** What one line at the prompt asks for. */
export type Command =
  | { do: 'nothing' }
  | { do: 'help' }
  | { do: 'quit' }
  | { do: 'log' }
  | { do: 'become'; who: string }
  | { do: 'trouble'; what: Trouble; workload: string }
  /** `who` absent: whoever the prompt names. */
  | { do: 'act'; who: string | undefined; deed: Deed }
  | { do: 'unclear'; advice: string };
