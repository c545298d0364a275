import { refusedMessage } from '../../views/answers.ts';
import { cameTo } from '../telemetry/work.ts';
import type { Words } from './tell.ts';

/** What a person is told who may not, or comes too late; the gesture counts as refused. */
export function refusal(sentence: string): Words {
  cameTo('refused', sentence);
  return refusedMessage(sentence);
}
