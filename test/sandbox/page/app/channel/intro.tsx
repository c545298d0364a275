import './intro.css';
import type { ChannelSlice } from '../../wire.ts';
import { usePerson } from '../people.ts';
import { useSlice } from '../store.ts';
import { Avatar } from '../ui/avatar.tsx';
import { focusComposer } from './composer-focus.ts';
import { setDraft } from './drafts.ts';
import { introExamples, purposeOf } from './intro-examples.ts';
import { shownName } from './shown-name.ts';

/** At the beginning of a channel: what this is, and what to try. */
export function Intro({ channel }: { channel: ChannelSlice }) {
  const isGiven = useSlice('cluster')?.readOnly ?? false;
  const other = shownName(usePerson(channel.with ?? ''));
  const purpose = purposeOf(channel);
  const [about, hint] = WORDS[purpose];
  return (
    <section className="intro" aria-labelledby="intro-title">
      {channel.with === undefined ? null : <Avatar user={channel.with} size={64} />}
      <h2 className="intro-title" id="intro-title">
        {purpose === 'direct' ? other : `# ${channel.name}`}
      </h2>
      <p>{about}</p>
      {isGiven && purpose === 'incidents' ? null : <p className="intro-hint">{hint}</p>}
      <Examples channel={channel.id} lines={introExamples(purpose, { isGiven })} />
    </section>
  );
}

const WORDS = {
  requests: [
    'opsbot changes and shows what runs on Kubernetes for a team: ask for something here, somebody else approves it, and opsbot does it once and says how it ended.',
    'To approve as the other person, switch to them at the top right or open them in another window.',
  ],
  incidents: [
    'opsbot says here what is in trouble in the cluster, what it has found out about it, and when it is over.',
    'Cause some trouble in the cluster panel and see what comes.',
  ],
  direct: [
    'Here you ask opsbot alone: no mention is needed, and nobody else reads the answers.',
    'Changes wait for approval in #ops as always.',
  ],
} as const;

function Examples({ channel, lines }: { channel: string; lines: readonly string[] }) {
  const spot = { channel, thread: undefined };
  if (lines.length === 0) return null;
  return (
    <>
      <h3 className="intro-try">Things to try</h3>
      <ul className="intro-examples">
        {lines.map((line) => (
          <li key={line}>
            <button
              type="button"
              className="intro-example"
              onClick={() => {
                setDraft(spot, line);
                focusComposer(spot);
              }}
            >
              {line}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
