import { setTimeout as delay } from 'node:timers/promises';
import { decodeRequest } from '../../views/ids.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import type { Person } from '../support/slack/people/person.ts';
import { elementsOfMessage } from '../support/slack/visible.ts';
import type { Deed, Done, Ledger } from './ledger.ts';
import type { Story } from './stories.ts';
import type { World } from './world.ts';

/** How long people look for what they asked for before they ask once more, in ms. */
const PATIENCE_MS = 5_000;
/** How long they wait for a click to show before they click once more, in ms. */
const CLICK_MS = 2_500;
const MOST_ATTEMPTS = 3;

type Act = Omit<Deed, 'from' | 'until' | 'acked' | 'answer' | 'event' | 'story'>;

/**
 * People who go on until they see what they wanted, or have had enough. Whoever sees an error, or nothing, tries again; what
 * they did and what came of it is in the ledger.
 */
export function gatherPeople(world: World, ledger: Ledger) {
  const { slack, namespaces } = world;
  const isOver = new AbortController();

  function personOf(story: Story, role: string): Person {
    const name = `${story.name}-${role}`;
    const id = `U${name.replace('-', '').toUpperCase()}`;
    const person = slack.state.users.has(id) ? slack.person(id) : slack.addUser(id, name);
    slack.channel(story.channel).members.add(id);
    return person;
  }

  const think = (ms: number) => delay(ms, undefined, { signal: isOver.signal }).catch(() => undefined);
  const isDone = () => isOver.signal.aborted;

  async function sees<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    return slack.waitFor(look, { timeoutMs: ms }).catch(() => undefined);
  }

  /** Asks until there is a card, an answer, or no hope. */
  async function ask(story: Story, asker: Person): Promise<SeenMessage | undefined> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !isDone(); attempt++) {
      const tag = `${story.name}.${attempt}`;
      const note = (act: Partial<Act>, doing: () => Promise<Done>) =>
        ledger.note(
          { story: story.name, user: asker.id, does: 'ask', by: story.asks, tag, reads: isRead(story), ...act },
          doing,
        );
      const deed = await askOnce(story, { asker, tag, note });
      const found = await sees(() => answerTo(story, asker, tag, deed), PATIENCE_MS);
      if (found) return found.buttons.includes('Approve') ? found : undefined;
      if (deed?.acked && deed.answer === undefined && isRead(story)) return undefined;
    }
    return undefined;
  }

  function lineOf({ action, workload, rule, replicas }: Story, tag: string): string {
    const namespace = namespaces[rule];
    switch (action) {
      case 'scale':
        return `scale ${workload} ${namespace} ${replicas} --reason "${tag}"`;
      case 'restart':
        return `restart ${workload} ${namespace} --reason "${tag}"`;
      case 'pods':
        return `pods ${namespace}`;
      case 'logs':
        return `logs deploy/${workload} -n ${namespace}`;
    }
  }

  async function askOnce(story: Story, { asker, tag, note }: Asking): Promise<Deed | undefined> {
    const line = lineOf(story, tag);
    switch (story.asks) {
      case 'mention':
        return mention(asker, story.channel, line, note);
      case 'slash':
        return note({}, async () => {
          const { answer, ...slashed } = await asker.slash('/opsbot', line, story.channel);
          return { ...slashed, ...(answer ? { answered: answer.text } : {}) };
        });
      case 'modal':
        return byModal(story, { asker, tag, note });
    }
  }

  async function mention(by: Person, channel: string, line: string, note: Note, thread?: string): Promise<Deed> {
    return note({}, async () => {
      const { channel: id, ts } = await by.mentions(channel, line, thread === undefined ? {} : { thread });
      return { event: { type: 'app_mention', channel: id, ts, user: by.id, thread } };
    });
  }

  /** Undefined where it did not get as far as being sent. */
  async function byModal(story: Story, { asker, tag, note }: Asking): Promise<Deed | undefined> {
    const { channel, workload, rule, action, replicas } = story;
    const about = await asker.says(channel, `${namespaces[rule]}/${workload} is slow`);
    const shortcut = action === 'scale' ? 'Scale this workload' : 'Restart this workload';
    await asker.runsMessageShortcut(shortcut, about);
    if (!(await sees(() => asker.modal(), PATIENCE_MS))) return undefined;
    try {
      if (action === 'scale') await asker.fills('Replicas', String(replicas));
      await asker.fills('Reason', tag);
      return await note({}, async () => {
        const sent = await asker.submits();
        if ('failed' in sent) return sent;
        return 'errors' in sent ? { acked: true, answered: Object.values(sent.errors).join(' ') } : { acked: true };
      });
    } catch {
      // The modal says that it cannot be filled in: the picture of the cluster is not there yet.
      return undefined;
    } finally {
      if (asker.modal()) await asker.closes();
    }
  }

  /** A card to vote on, or the words that there will be none. */
  function answerTo(story: Story, asker: Person, tag: string, deed: Deed | undefined): SeenMessage | undefined {
    const seen = asker.sees(story.channel).filter(({ by }) => by === 'UOPSBOT');
    const card = seen.find(({ text, buttons }) => text.includes(`> ${tag}`) && buttons.includes('Approve'));
    const ts = deed?.event?.ts;
    const isAnswer = (message: SeenMessage) =>
      ts !== undefined && message.thread === ts && !/[Tt]ry again|Looking at the cluster/.test(message.text);
    return card ?? (isRead(story) || isHopeless(seen, ts) ? seen.find(isAnswer) : undefined);
  }

  const isHopeless = (seen: readonly SeenMessage[], ts: string | undefined) =>
    ts !== undefined && seen.some(({ thread, text }) => thread === ts && /already|cannot/.test(text));

  function now(reader: Person, card: SeenMessage): SeenMessage | undefined {
    return reader.sees(card.channel).find(({ ts }) => ts === card.ts);
  }

  /** Does it until it shows on the card, or the card does not offer it any more. */
  async function insist(
    card: SeenMessage,
    who: Person,
    does: () => Promise<unknown>,
    label = 'Approve',
  ): Promise<void> {
    const isOpen = () => {
      const seen = now(who, card);
      return seen?.buttons.includes(label) && !seen.text.includes(`@${who.user.name}.`) ? seen : undefined;
    };
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && isOpen() && !isDone(); attempt++) {
      await does();
      await sees(() => isOpen() === undefined || undefined, CLICK_MS);
    }
  }

  async function approve(story: Story, card: SeenMessage, who: Person): Promise<void> {
    const about = keyOn(card);
    const note: Note = (act, doing) =>
      ledger.note({ story: story.name, user: who.id, does: 'approve', by: story.decides, ...about, ...act }, doing);
    await insist(card, who, () => decide(story, { who, card, note, reaction: 'white_check_mark', word: 'approve' }));
  }

  async function reject(story: Story, card: SeenMessage, who: Person): Promise<void> {
    const about = keyOn(card);
    const note: Note = (act, doing) =>
      ledger.note({ story: story.name, user: who.id, does: 'reject', by: story.decides, ...about, ...act }, doing);
    await insist(card, who, () => decide(story, { who, card, note, reaction: 'x', word: 'reject too risky' }));
  }

  async function cancel(story: Story, card: SeenMessage, asker: Person): Promise<void> {
    const about = keyOn(card);
    const note: Note = (act, doing) =>
      ledger.note({ story: story.name, user: asker.id, does: 'cancel', by: story.decides, ...about, ...act }, doing);
    await insist(card, asker, () => press(card, asker, 'Cancel', note), 'Cancel');
  }

  async function decide(story: Story, deciding: Deciding): Promise<void> {
    const { who, card, note, reaction, word } = deciding;
    const label = word === 'approve' ? 'Approve' : 'Reject';
    const root = card.thread ?? card.ts;
    switch (story.decides) {
      case 'button':
        return press(card, who, label, note);
      case 'double click':
        await Promise.all([press(card, who, label, note), press(card, who, label, note)]);
        return;
      case 'reaction':
        return void (await react(who, card, reaction, note));
      case 'typed word': {
        await note({}, async () => {
          const { channel, ts } = await who.says(story.channel, word, { thread: root });
          return { event: { type: 'message', channel, ts, user: who.id } };
        });
        return;
      }
      case 'mention':
        return void (await mention(who, story.channel, word, note, root));
    }
  }

  /** Reject asks for the reason first, in a modal. */
  async function press(card: SeenMessage, who: Person, label: string, note: Note): Promise<void> {
    const pressable = now(who, card)?.buttons.includes(label) ? who.finds(label, { on: card }) : undefined;
    if (!pressable) return;
    if (label !== 'Reject') return void (await note({}, () => pressable.click()));
    await pressable.click();
    if (!(await sees(() => who.modal(), CLICK_MS))) return;
    await note({}, async () => {
      // The other click of the two may have been quicker.
      if (!who.modal()) return { failed: 'the form is closed' };
      const sent = await who.submits();
      if ('failed' in sent) return sent;
      return 'errors' in sent ? { answered: Object.values(sent.errors).join(' ') } : {};
    });
    if (who.modal()) await who.closes();
  }

  async function react(who: Person, card: SeenMessage, name: string, note: Note): Promise<void> {
    // Slack tells of it until somebody has listened; there is nothing to repeat.
    if (now(who, card)?.raw.reactions?.some((one) => one.name === name && one.users.includes(who.id))) return;
    await note({}, async () => {
      await who.reacts(name, card);
      return { event: { type: 'reaction_added', channel: card.channel, ts: card.ts, user: who.id } };
    });
  }

  /** Approves and thinks better of it. */
  async function takeBack(story: Story, card: SeenMessage, who: Person): Promise<void> {
    await approve(story, card, who);
    await think(story.thinks);
    const mine = now(who, card)?.raw.reactions?.find(({ name }) => name === 'white_check_mark');
    if (!mine?.users.includes(who.id)) return;
    const about = { user: who.id, does: 'take back', by: 'reaction', ...keyOn(card) } as const;
    await ledger.note({ story: story.name, ...about }, async () => {
      await who.unreacts('white_check_mark', card);
      return { event: { type: 'reaction_removed', channel: card.channel, ts: card.ts, user: who.id } };
    });
  }

  async function vote(story: Story, card: SeenMessage, asker: Person): Promise<void> {
    const a = personOf(story, 'a');
    switch (story.ending) {
      case 'nobody':
        return;
      case 'cancel':
        return cancel(story, card, asker);
      case 'reject':
        return reject(story, card, story.rule === 'confirm' ? asker : a);
      case 'take back':
        await takeBack(story, card, a);
        break;
      case 'approve':
        if (story.rule === 'confirm') return approve(story, card, asker);
        await approve(story, card, a);
    }
    if (story.rule !== 'two') return;
    await think(story.thinks);
    await approve(story, card, personOf(story, 'b'));
    if (story.ending === 'take back') await approve(story, card, personOf(story, 'c'));
  }

  return {
    /** Plays it as far as it goes. */
    async play(story: Story): Promise<void> {
      const asker = personOf(story, 'asker');
      await think(story.at);
      let card = await ask(story, asker);
      if (!card) return;
      await think(story.thinks);
      await vote(story, card, asker);
      // The cluster has moved on: there is a new plan, and the votes are on the old one.
      const key = keyOn(card);
      card = asker.sees(story.channel).find((seen) => {
        const { request, revision } = keyOn(seen);
        return request !== undefined && request === key.request && revision !== key.revision;
      });
      if (card && story.ending === 'approve') await vote(story, card, asker);
    },
    /** Whatever is still open is cancelled by whoever asked for it; for what nobody has decided. */
    async cancelOpen(): Promise<void> {
      const seen = [...slack.state.channels.values()].flatMap((channel) =>
        [...channel.messages.values()].map((raw) => ({ channel, raw })),
      );
      for (const { channel, raw } of seen) {
        const button = elementsOfMessage(raw).find(({ element }) => element.action_id === 'request:approve');
        const asker = /Asked by <@(\w+)>/.exec(JSON.stringify(raw.blocks ?? []))?.[1];
        if (!button || asker === undefined) continue;
        await slack
          .person(asker)
          .clicks('Cancel', { on: { channel: channel.id, ts: raw.ts } })
          .catch(() => undefined);
      }
    },
    /** They stop trying. */
    stop: () => isOver.abort(),
  };
}

const isRead = ({ action }: Story) => action === 'pods' || action === 'logs';

/** Which request, and which revision of it, the buttons of a message are about. */
function keyOn({ raw }: SeenMessage): Pick<Act, 'request' | 'revision'> {
  const key = elementsOfMessage(raw)
    .map(({ element }) => decodeRequest(element.value))
    .find((found) => found !== undefined);
  return key ? { request: key.requestId, revision: key.revision } : {};
}

type Note = (act: Partial<Act>, doing: () => Promise<Done>) => Promise<Deed>;

interface Asking {
  asker: Person;
  tag: string;
  note: Note;
}

interface Deciding {
  who: Person;
  card: SeenMessage;
  note: Note;
  /** Emoji, or words, that say the same. */
  reaction: string;
  word: string;
}
