import { useEffect, useRef } from 'react';
import { sendAside } from '../connection.ts';
import type { Spot } from './sending.ts';
import type { StickyBottom } from './use-sticky-bottom.ts';

export interface ReadingOptions {
  spot: Spot;
  /** ts of the newest message where something is unread. */
  newest: string | undefined;
  /** Whether somebody looks at the newest ones. */
  isLooking: boolean;
  bottom: Pick<StickyBottom, 'seesLastNow'>;
}

/** Says that the place is read: once for each message that is new there, while somebody looks at it. */
export function useReading({
  spot: { channel, thread },
  newest,
  isLooking,
  bottom: { seesLastNow },
}: ReadingOptions): void {
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (!isLooking || newest === undefined || told.current === newest || !seesLastNow()) return;
    told.current = newest;
    void sendAside({ do: 'read', channel, thread });
  }, [channel, thread, newest, isLooking, seesLastNow]);
}
