import './pod-squares.css';
import { useState } from 'react';
import type { PodColour, WorkloadSlice } from '../../../wire.ts';
import { counted } from '../counted.ts';
import { describePod } from './describe-pods.ts';
import { keepLeaving, type ShownPod } from './keep-leaving.ts';

/** The sign of a colour, which nobody has to tell by the colour alone. */
export const PodMark = ({ colour }: { colour: PodColour }) => <span className={`pod-mark pod-mark-${colour}`} />;

/** A workload's pods as coloured squares. */
export function PodSquares({ name, pods, morePods }: Pick<WorkloadSlice, 'name' | 'pods' | 'morePods'>) {
  const [shown, setShown] = useState<readonly ShownPod[]>(() => keepLeaving([], pods));
  const [seen, setSeen] = useState(pods);
  if (seen !== pods) {
    setSeen(pods);
    setShown(keepLeaving(shown, pods));
  }
  const drop = (gone: ShownPod) => setShown((now) => now.filter((one) => one.pod.name !== gone.pod.name));
  if (shown.length === 0) return null;
  return (
    <ul className="pod-squares" aria-label={`Pods of ${name}`}>
      {shown.map((one) =>
        one.isLeaving ? (
          <li
            key={one.pod.name}
            className="pod-square pod-square-leaves"
            aria-hidden="true"
            onAnimationEnd={() => drop(one)}
          >
            <PodMark colour="ending" />
          </li>
        ) : (
          <li key={one.pod.name} className="pod-square" title={describePod(one.pod)}>
            <PodMark colour={one.pod.colour} />
            <span className="visually-hidden">{describePod(one.pod)}</span>
          </li>
        ),
      )}
      {morePods > 0 ? (
        <li className="pod-more" title={`${counted(morePods, 'pod')} more`}>
          +{morePods}
        </li>
      ) : null}
    </ul>
  );
}
