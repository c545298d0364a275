import { startFeed } from '../feed/feed.ts';
import { GUTTER } from '../feed/layout.ts';
import type { Style } from '../feed/style.ts';
import { ALERTS, CHANNEL, logLines, type Sandbox } from '../start-sandbox.ts';
import { playTour } from './play-tour.ts';
import { createStage } from './stage.ts';
import { tourSteps } from './steps.ts';

export interface TourOptions {
  sandbox: Sandbox;
  style: Style;
  print(lines: readonly string[]): void;
}

/** Tells the story while it happens. Throws where it does not come out right. */
export async function runTour({ sandbox, style, print }: TourOptions): Promise<void> {
  const { slack, scene } = sandbox;
  const feed = startFeed(slack, style, print);
  const stage = createStage(
    slack,
    scene,
    { requests: CHANNEL, alerts: ALERTS },
    {
      tell(text) {
        feed.flush();
        print([style.dim(`${GUTTER}${text}`)]);
      },
      showHome: feed.home,
    },
  );
  const steps = tourSteps(stage);
  const began = performance.now();
  try {
    await playTour(steps, slack, {
      begins: (number, title) => print(['', style.bold(`${number}. ${title}`), '']),
      cameOutRight() {
        feed.flush();
        print([style.good('    ✓')]);
      },
    });
    const seconds = Math.round((performance.now() - began) / 1000);
    print([
      '',
      style.good(`All ${steps.length} steps came out right, in ${seconds} s. Slack would have refused nothing.`),
    ]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nWhat opsbot logged last:\n${logLines(sandbox.opsbot.log)}`, { cause: error });
  } finally {
    feed.flush();
    feed.stop();
  }
}
