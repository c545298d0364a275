import './blocks.css';
import { memo, useMemo } from 'react';
import type * as Slack from '../../../../support/slack/types.ts';
import type { SurfaceRef } from '../../wire.ts';
import { blockKeys } from './block-keys.ts';
import { BlockView } from './block-view.tsx';
import { SurfaceContext } from './surface.ts';

export interface BlocksProps {
  blocks: readonly Slack.Block[];
  on: SurfaceRef;
  entered: Slack.StateValues;
  /** By block_id. */
  errors?: Record<string, string>;
}

/** Block Kit. `on` must stay the same object as long as it names the same. */
export const Blocks = memo(function Blocks({ blocks, on, entered, errors }: BlocksProps) {
  const surface = useMemo(() => ({ on, entered }), [on, entered]);
  const keys = blockKeys(blocks);
  return (
    <SurfaceContext value={surface}>
      <div className="blocks">
        {blocks.map((block, index) => (
          <BlockView key={keys[index]} block={block} error={errors?.[block.block_id ?? '']} />
        ))}
      </div>
    </SurfaceContext>
  );
});
