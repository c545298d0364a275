import type { ServerResponse } from 'node:http';
import { type FaultMatch, type FaultRequest, matchesRequest, type WatchFault } from './faults.ts';

/** The lines of one watch on their way to the client. */
export interface WatchStream {
  line(text: string): void;
  /** What is said in the last line, and then the end. */
  end(lastLine?: string): void;
}

interface OpenWatch {
  request: FaultRequest;
  response: ServerResponse;
  /** The 410 of this watch. */
  expired(): string;
  /** What a muted watch would have said. */
  held: (() => unknown)[] | undefined;
}

export type Watches = ReturnType<typeof createWatches>;

/** All open watches, and what can be done to them from outside. */
export function createWatches() {
  const open = new Set<OpenWatch>();
  const say = (watch: OpenWatch, words: () => unknown) => (watch.held ? void watch.held.push(words) : words());

  return {
    /** `faultFor` is asked once an event. */
    add(
      request: FaultRequest,
      response: ServerResponse,
      { expired, faultFor }: { expired(): string; faultFor(request: FaultRequest): WatchFault | undefined },
    ): WatchStream & { event(text: string): void } {
      const watch: OpenWatch = { request, response, expired, held: undefined };
      open.add(watch);
      response.once('close', () => open.delete(watch));
      // What was to come after its end is not said any more.
      const line = (text: string) => say(watch, () => response.writableEnded || response.write(`${text}\n`));
      return {
        line,
        event(text) {
          const fault = faultFor(request);
          if (fault === 'cut mid-event') {
            watch.held = [];
            response.write(text.slice(0, text.length / 2), () => response.destroy());
            return;
          }
          line(text);
          if (fault === 'send twice') line(text);
        },
        end(lastLine) {
          say(watch, () => response.end(lastLine === undefined ? undefined : `${lastLine}\n`));
        },
      };
    },
    cut(): void {
      for (const { response } of [...open]) response.destroy();
    },
    expire(): void {
      for (const watch of [...open]) say(watch, () => watch.response.end(`${watch.expired()}\n`));
    },
    mute(match: FaultMatch = {}): void {
      for (const watch of open) if (matchesRequest(match, watch.request)) watch.held ??= [];
    },
    unmute(): void {
      for (const watch of open) {
        const held = watch.held ?? [];
        watch.held = undefined;
        for (const words of held) words();
      }
    },
  };
}
