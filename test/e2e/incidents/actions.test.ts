import { describe, expect, it } from 'vitest';
import { deployment } from '../../support/cluster/manifests.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { MessageRef } from '../../support/slack/types.ts';
import { cardIn, whisperTo } from '../asking.ts';
import { ORANGE, QUICK_BOOKMARKS, RED, useIncidentStage } from './incident-stage.ts';

const SHARED = 'CSHARED';
const DEPLOYMENTS = ['web', 'api', 'db', 'cache', 'edge'];

describeLocalCluster(
  'acting on an incident from its message',
  (kit) => {
    const incidents = useIncidentStage(kit, {
      rules: [{ match: { workload: ['edge'] }, channel: SHARED }],
      async before(namespace) {
        for (const name of DEPLOYMENTS) await kit.apply(deployment(name, { namespace }));
        for (const name of DEPLOYMENTS) await kit.rolledOut({ kind: 'Deployment', namespace, name });
      },
    });
    const { stage } = incidents;
    const refOf = (name: string) => ({ kind: 'Deployment', namespace: incidents.namespace, name });
    const crashes = async (name: string) => {
      kit.crash(refOf(name), { exitCode: 3 });
      return incidents.shows(`Deployment ${name}`, ({ color, text }) => color === RED && text.includes('exit code 3'));
    };
    const text = (name: string) => incidents.exactlyOne(`Deployment ${name}`).text;
    const says = (name: string, words: string) =>
      incidents.shows(`Deployment ${name}`, (root) => root.text.includes(words));
    const whispered = (person: Person, gesture: () => Promise<unknown>) => whisperTo(stage, person, gesture, 'alerts');
    /** The request that comes of what is filled in, in the incident's thread. */
    const asks = async (root: MessageRef) => {
      await stage.alice.submits();
      return cardIn(stage, root);
    };

    describe('a crash', () => {
      it('is restarted away: asked for in its thread, approved by another, and green after it', async () => {
        const root = await crashes('web');
        await stage.alice.clicks('Restart…', { on: root });
        expect(stage.alice.modal()?.title).toBe('Restart a workload');
        expect(stage.alice.modal()?.text).toContain(`Deployment \`web\` in \`${incidents.namespace}\``);
        const asked = await asks(root);
        expect(asked.card.text).toContain(`Restart deployment web in ${incidents.namespace}`);
        expect(await kit.changesOf(refOf('web'))).toEqual([]);
        kit.recover(refOf('web'));
        await stage.bob.clicks('Approve', { on: asked.card });
        await asked.shows('Done');
        expect(await kit.changesOf(refOf('web'))).toHaveLength(1);
        await incidents.green('Deployment web');
      }, 60_000);

      it('is scaled away', async () => {
        const root = await crashes('api');
        await stage.alice.clicks('Scale…', { on: root });
        expect(stage.alice.modal()?.text).toContain('api');
        await stage.alice.fills('Replicas', '0');
        const asked = await asks(root);
        expect(asked.card.text).toMatch(/Replicas.*1.*→.*0/);
        await stage.bob.clicks('Approve', { on: asked.card });
        await asked.shows('Done');
        await incidents.green('Deployment api');
      }, 60_000);

      it('has its logs read into its thread', async () => {
        const root = await crashes('cache');
        await incidents.told(root, 'Last lines of');
        await stage.alice.clicks('Logs', { on: root });
        const [pod] = await kit.pods(refOf('cache'));
        expect(JSON.stringify(stage.alice.modal()?.view.blocks)).toContain(pod?.metadata.name);
        await stage.alice.submits();
        await incidents.told(root, /\d+ lines of cache-/);
      }, 40_000);
    });

    describe('“I’m on it”', () => {
      it('is on the message with the name, until another takes over', async () => {
        const root = incidents.exactlyOne('Deployment cache');
        await stage.bob.clicks("I'm on it", { on: root });
        await says('cache', '@bob is on it');
        await incidents.told(root, '@bob is on it.');
        const again = await whispered(stage.bob, () => stage.bob.clicks("I'm on it", { on: root }));
        expect(again.text).toContain('You are on it already.');
        await stage.alice.clicks("I'm on it", { on: root });
        await says('cache', '@alice is on it');
        expect(text('cache')).not.toContain('@bob');
        await stage.carol.opensHome();
        await stage.slack.waitFor(() => /Deployment cache.*@alice is on it/.test(stage.carol.home()?.text ?? ''));
      }, 40_000);

      it('that comes too late is answered', async () => {
        const root = incidents.exactlyOne('Deployment cache');
        const late = ["I'm on it", 'Restart…'].map((label) => stage.bob.finds(label, { on: root }));
        kit.recover(refOf('cache'));
        await incidents.green('Deployment cache');
        const told = await whispered(stage.bob, async () => late[0]?.click());
        expect(told.text).toContain('This is over already; nobody has to be on it.');
        await late[1]?.click();
        expect(stage.bob.modal()?.title).toBe('Restart a workload');
        await stage.bob.closes();
      }, 40_000);
    });

    describe('silence', () => {
      it('keeps further trouble of the workload from being posted; Home lists it', async () => {
        const root = await crashes('db');
        await stage.alice.chooses('Silence', '1 h', { on: root });
        await says('db', '@alice silenced this workload until');
        await incidents.told(root, '@alice silenced this workload until');
        kit.recover(refOf('db'));
        await incidents.green('Deployment db');

        kit.breakImage(refOf('db'));
        const next = deployment('db', { namespace: incidents.namespace, image: 'registry.example/db:2.0' });
        await kit.apply(next);
        await stage.carol.opensHome();
        const home = () => stage.carol.home()?.text ?? '';
        await stage.slack.waitFor(() => home().includes('image cannot be pulled'), {
          what: () => `Home; it says\n${home()}`,
        });
        expect(home()).toMatch(/Silenced\*?\n\*Deployment db\* in `[\w-]+`\nUntil .*, by @alice/);
        // What came later is posted, so this would have been.
        await crashes('web');
        expect(incidents.rootsOf('Deployment db')).toHaveLength(1);
      }, 60_000);

      it('is ended on Home, and what lasts is posted then', async () => {
        await stage.carol.clicks('End', { on: 'home' });
        const isNew = () => incidents.rootsOf('Deployment db').find(({ text }) => text.includes('image cannot be'));
        const posted = await stage.slack.waitFor(isNew);
        expect(posted.color).toBe(ORANGE);
        expect(stage.carol.home()?.text).not.toContain('Silenced');
        await incidents.told(posted, 'Registry says');
        expect(incidents.rootsOf('Deployment db')).toHaveLength(2);
      }, 40_000);
    });

    describe('those who may not', () => {
      it('are told so: guests', async () => {
        const root = await crashes('web');
        const greta = stage.person('greta');
        for (const label of ['Restart…', "I'm on it"]) {
          const told = await whispered(greta, () => greta.clicks(label, { on: root }));
          expect(told.text).toContain('Guests cannot');
          expect(greta.modal()).toBeUndefined();
        }
        const told = await whispered(greta, () => greta.chooses('Silence', '1 h', { on: root }));
        expect(told.text).toContain('Guests cannot');
        expect(text('web')).not.toMatch(/is on it|silenced/);
      }, 40_000);

      it('are told so: people of another workspace', async () => {
        kit.crash(refOf('edge'));
        const root = await stage.alice.waitsFor(({ text }) => text.includes('*Deployment edge*'), { in: SHARED });
        const stella = stage.person('stella');
        for (const label of ['Restart…', "I'm on it"]) {
          const told = await whisperTo(stage, stella, () => stella.clicks(label, { on: root }), SHARED);
          expect(told.text).toContain('another workspace');
          expect(stella.modal()).toBeUndefined();
        }
      });
    });
  },
  QUICK_BOOKMARKS,
);
