import type { Person } from '../../support/slack/people/person.ts';
import type { MessageRef } from '../../support/slack/types.ts';
import { CHANNEL } from '../start-sandbox.ts';
import { incidentSteps } from './incident-steps.ts';
import { must, type Stage } from './stage.ts';

export interface Step {
  title: string;
  /** Resolves when it came out right; throws a sentence that says what did not. */
  play(): Promise<void>;
}

/** A whole story in #ops and #alerts. Each step stands on those before it. */
export function tourSteps(stage: Stage): Step[] {
  const { alice, bob, carol, scene, tell, showHome, home, ballot, saying, answer, whisper, mustWant, mustRun } = stage;
  const { namespace, name, replicas } = scene.workload;
  const more = replicas + 2;
  let thread: MessageRef;
  let request: MessageRef;

  const asks = async (person: Person, text: string) => {
    thread = await person.mentions(CHANNEL, text);
  };

  return [
    {
      title: `Alice asks for ${more} pods. opsbot shows what would change, and changes nothing.`,
      async play() {
        await asks(alice, `scale deployment ${name} ${more} -n ${namespace} --reason "launch at noon"`);
        request = await ballot(thread);
        await saying(request, new RegExp(`Replicas.*${replicas}.*→.*${more}`));
        await saying(request, /launch at noon/);
        await mustWant(replicas);
      },
    },
    {
      title: 'She clicks Approve herself. opsbot tells her, and only her, why that does not count.',
      async play() {
        const told = await whisper(alice, () => alice.clicks('Approve', { on: request }));
        must(
          /somebody else/.test(told.text),
          `opsbot should say that somebody else has to approve, but says: ${told.text}`,
        );
        await saying(request, /Waiting for approval/);
        await mustWant(replicas);
      },
    },
    {
      title: 'Bob approves. opsbot makes the change once and follows the pods until they are ready.',
      async play() {
        await bob.clicks('Approve', { on: request });
        // At the local cluster's pace the pods take a while; on another one they may all be ready at the first look.
        if (scene.trouble) await saying(request, new RegExp(`Running[\\s\\S]*of ${more} pods ready`));
        const done = await saying(request, new RegExp(`Done[\\s\\S]*${more} of ${more} pods ready`), scene.patience);
        must(
          done.buttons.join() === 'Undo',
          `Only Undo should be left to click, but there is: ${done.buttons.join(', ')}`,
        );
        await answer(thread, new RegExp(`Done. ${more} of ${more} pods ready`));
        await mustRun(more);
      },
    },
    {
      title: 'Carol takes it back. Undo is a request like any other: Alice has to agree.',
      async play() {
        await carol.clicks('Undo', { on: request });
        request = await ballot(thread);
        await saying(request, new RegExp(`Replicas.*${more}.*→.*${replicas}`));
        await mustWant(more);
        await alice.reacts('white_check_mark', request);
        await saying(request, /Done/, scene.patience);
        await answer(thread, new RegExp(`Done. ${replicas} of ${replicas} pods ready`));
        await mustRun(replicas);
      },
    },
    {
      title:
        'Alice uses the shortcut and mistypes. The form stays open and says what is wrong; then she gets it right.',
      async play() {
        await alice.runsShortcut('Scale a workload');
        await alice.chooses('Namespace', namespace);
        await alice.chooses('Workload', name);
        // The hub's picture may be a quarter of a second old, and nobody fills in a form as fast as a tour.
        must(
          new RegExp(`(${replicas}|${more}) wanted`).test(alice.modal()?.text ?? ''),
          `The form should show how many pods there are: ${alice.modal()?.text}`,
        );
        await alice.fills('Replicas', '-1');
        const wrong = await alice.submits();
        must('errors' in wrong && 'Replicas' in wrong.errors, 'The form should say at Replicas that -1 cannot be.');
        tell(`The form says at Replicas: ${wrong.errors.Replicas}`);
        await alice.fills('Replicas', String(more));
        const right = await alice.submits();
        must('closed' in right, `The form should be closed now, but: ${JSON.stringify(right)}`);
        request = await bob.waitsFor((message) => message.thread === undefined && message.buttons.includes('Approve'), {
          in: CHANNEL,
        });
      },
    },
    {
      title: 'Bob says no, and why. The buttons go away, nothing is changed.',
      async play() {
        await bob.says(CHANNEL, 'reject not during the sale', { thread: request });
        await saying(request, /Rejected/);
        const rejected = await saying(request, /By @bob: not during the sale/);
        must(rejected.buttons.length === 0, `No button should be left, but there is: ${rejected.buttons.join(', ')}`);
        await answer(request, /@bob rejected this/);
        await mustRun(replicas);
      },
    },
    {
      title: 'Carol wants to see the pods. Reading asks nobody.',
      async play() {
        await asks(carol, `pods ${namespace}`);
        await answer(thread, new RegExp(`${name}-\\S+\\s+.*Running`));
      },
    },
    {
      title: 'She reads a log, and mistypes the next command: opsbot knows what she meant.',
      async play() {
        await asks(carol, `logs deploy/${name} -n ${namespace} --tail 5`);
        await answer(thread, new RegExp(`\\d+ lines? of ${name}-`));
        await asks(carol, `sclae deployment ${name} ${more}`);
        await answer(thread, new RegExp(`Did you mean.*scale deployment ${name} ${more}`));
      },
    },
    ...incidentSteps(stage),
    {
      title: 'Alice opens Home: the cluster, what needs attention, what she asked for.',
      async play() {
        await alice.opensHome();
        const asked = `Scale deployment ${name}`;
        await home(alice, ['Pods', 'Needs attention', 'Your requests', 'Latest activity', asked]);
        showHome(alice.id);
      },
    },
  ];
}
