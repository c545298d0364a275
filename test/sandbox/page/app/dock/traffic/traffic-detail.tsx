import './traffic-detail.css';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { TrafficDetail as Detail, TrafficEntry } from '../../../wire.ts';
import { fetchTraffic } from '../../connection.ts';
import { timeWithSeconds } from '../../ui/time.ts';
import { CopyButton } from './copy-button.tsx';
import { JsonTree } from './json-tree.tsx';
import { Direction, ErrorWord, Timing } from './traffic-row.tsx';
import { headingsOf, timing } from './traffic-words.ts';

export interface TrafficDetailProps {
  entry: TrafficEntry;
  onBack(): void;
}

/** The whole of one entry: what was sent, and what came back. */
export function TrafficDetail({ entry, onBack }: TrafficDetailProps) {
  const back = useRef<HTMLButtonElement>(null);
  const found = useDetail(entry.id);
  const headings = headingsOf(entry);
  useEffect(() => back.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onBack();
  }

  return (
    <section className="traffic-detail" aria-label={entry.name} onKeyDown={onKeyDown}>
      <button type="button" ref={back} className="traffic-back" onClick={onBack}>
        <span aria-hidden="true">← </span>Back to the list
      </button>
      <h2 className="traffic-detail-name">
        <Direction entry={entry} />
        {entry.name}
      </h2>
      <p className="traffic-detail-about">
        {timeWithSeconds(new Date(entry.at))}
        {timing(entry) === '' ? '' : ' · '}
        <Timing entry={entry} />
      </p>
      {entry.about === '' ? null : <p className="traffic-detail-about">{entry.about}</p>}
      <ErrorWord error={entry.error} />
      {found === 'gone' ? (
        <p className="traffic-note">Its payload is not there any more: only the latest are kept.</p>
      ) : null}
      {typeof found === 'object' ? (
        <>
          <Payload heading={headings.sent} value={found.sent} />
          <Payload heading={headings.answer} value={found.answer} />
        </>
      ) : null}
    </section>
  );
}

/** Undefined until it has come. */
function useDetail(id: number): Detail | 'gone' | undefined {
  const [found, setFound] = useState<Detail | 'gone'>();
  useEffect(() => {
    let isWanted = true;
    const show = (detail: Detail | undefined) => isWanted && setFound(detail ?? 'gone');
    fetchTraffic(id).then(show, () => show(undefined));
    return () => {
      isWanted = false;
    };
  }, [id]);
  return found;
}

function Payload({ heading, value }: { heading: string; value: unknown }) {
  return (
    <section className="traffic-payload">
      <div className="traffic-payload-head">
        <h3 className="traffic-payload-heading">{heading}</h3>
        {value === undefined ? null : <CopyButton what={heading} text={JSON.stringify(value, null, 2)} />}
      </div>
      {value === undefined ? <p className="traffic-detail-about">Nothing.</p> : <JsonTree value={value} />}
    </section>
  );
}
