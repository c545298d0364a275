import { Context, Section } from 'slack-block-builder';
import type { Checkpoint } from '../src/requests/checkpoint.ts';
import { built, type Message } from './blocks.ts';
import { codeBlock, grouped, when } from './text.ts';

/**
 * The end of the audit log's chain, told where nobody who can write to Redis can change it. `previous`: the last one that
 * this channel has got.
 */
export function checkpointMessage(checkpoint: Checkpoint, previous: Checkpoint | undefined): Message {
  const { at, entries, head } = checkpoint;
  const change = entries - (previous?.entries ?? entries);
  const count = `${grouped(entries)} ${entries === 1 ? 'entry' : 'entries'}`;
  const text = `${change < 0 ? ':warning:' : ':lock:'} *Audit log: ${count}* up to ${when(at)}${comparison(change)}.`;
  const lead = change < 0 ? [text, FEWER] : [text];
  return {
    text,
    blocks: built(
      Section({ text: lead.join('\n') }),
      Section({ text: codeBlock(`opsbot audit verify --checkpoint ${entries}:${head}`) }),
      Context().elements(
        'Keep this message. The command tells whether anything up to here was changed or taken away since.',
      ),
    ),
  };
}

const FEWER =
  'Redis lost entries, was restored from a backup, or somebody took them away. Verify the log by the checkpoint before this one.';

function comparison(change: number): string {
  if (change === 0) return '';
  const than = change > 0 ? `${grouped(change)} of them new since` : `${grouped(-change)} fewer than at`;
  return `, ${than} the last checkpoint`;
}
