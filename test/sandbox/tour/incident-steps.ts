import type { SeenMessage } from '../../support/slack/people/looking.ts';
import type { Trouble } from '../scene/scene.ts';
import { must, type Stage } from './stage.ts';
import type { Step } from './steps.ts';

/** A workload of the scene that is well until the tour makes it crash. */
const VICTIM = 'checkout';
const RED = '#e01e5a';
const GREEN = '#2eb67d';

/** Trouble from the crash to the green message; only where the scene can cause some. */
export function incidentSteps({ carol, scene, tell, incident, incidents, answer }: Stage): Step[] {
  const { trouble } = scene;
  if (!trouble) return [];
  const cause = (what: Trouble) => tell(trouble(what, VICTIM));
  let root: SeenMessage;

  return [
    {
      title: `${VICTIM} crashes. opsbot says so once, with the last lines of its log in the thread.`,
      async play() {
        cause('crash');
        root = await incident(VICTIM, ({ text }) => /CrashLoopBackOff/.test(text));
        must(root.color === RED, `The message should have a red bar, but has ${root.color}.`);
        await answer(root, /Exit code[\s\S]*Last lines of[\s\S]*cannot reach the database/);
      },
    },
    {
      title: 'Carol is on it, and everybody sees that.',
      async play() {
        await carol.clicks("I'm on it", { on: root });
        await incident(VICTIM, ({ text }) => /@carol is on it/.test(text));
      },
    },
    {
      title: 'It is mended. The message turns green once it has stayed well for a while, and loses its buttons.',
      async play() {
        cause('recover');
        const over = await incident(VICTIM, ({ color }) => color === GREEN);
        must(over.ts === root.ts, 'The message that told of the trouble should tell that it is over.');
        must(over.buttons.length === 0, `No button should be left, but there is: ${over.buttons.join(', ')}`);
        await answer(root, /Over after/);
        const told = incidents(VICTIM).length;
        must(told === 1, `There should be one message about ${VICTIM}, but there are ${told}.`);
      },
    },
  ];
}
