import './workload-row.css';
import { memo } from 'react';
import type { WorkloadSlice } from '../../../wire.ts';
import { performDeed } from '../../notices.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { describePods } from './describe-pods.ts';
import { PodSquares } from './pod-squares.tsx';
import { isInTrouble, keyOf, shortKind, TROUBLE_WORDS } from './standing.ts';

export interface WorkloadRowProps {
  workload: WorkloadSlice;
  readOnly: boolean;
}

/** The panel comes anew whenever anything in it has changed; most workloads have not. */
const isSame = (a: WorkloadRowProps, b: WorkloadRowProps) => JSON.stringify(a) === JSON.stringify(b);

/** A workload with its pods, and the menu of what can be done to it. */
export const WorkloadRow = memo(function WorkloadRow({ workload, readOnly }: WorkloadRowProps) {
  const { kind, name, ready, wanted, trouble, pods, morePods } = workload;
  const isSick = isInTrouble(workload);
  return (
    <li className={isSick ? 'workload workload-sick' : 'workload'} id={keyOf(workload)} tabIndex={-1}>
      <div className="workload-head">
        {isSick ? (
          <span className="workload-alarm" aria-hidden="true">
            !
          </span>
        ) : null}
        <strong className="workload-name" title={name}>
          {name}
        </strong>
        <abbr className="workload-kind" title={kind}>
          {shortKind(kind)}
        </abbr>
        {trouble ? <span className="workload-trouble">{TROUBLE_WORDS[trouble]}</span> : null}
        <span className="workload-ready" aria-hidden="true">
          {ready}/{wanted}
        </span>
        <span className="visually-hidden">{describePods(workload)}</span>
        {readOnly ? null : <TroubleMenu workload={workload} />}
      </div>
      <PodSquares name={name} pods={pods} morePods={morePods} />
    </li>
  );
}, isSame);

function TroubleMenu({ workload }: { workload: WorkloadSlice }) {
  const { kind, namespace, name, trouble } = workload;
  const entry = (what: 'crash' | 'oom' | 'break' | 'recover', label: string, description: string): MenuEntry => ({
    label,
    description,
    onSelect: () => void performDeed({ do: what, workload: { kind, namespace, name } }),
  });
  const entries = [
    entry('crash', 'Crash its pods', 'Again and again'),
    entry('oom', 'Kill for want of memory (OOM)', 'Once; its pods start again'),
    entry('break', 'Break its image', 'An update to an image that cannot be pulled'),
    ...(trouble ? [entry('recover', 'Recover', 'Its pods become ready again')] : []),
  ];
  const trigger = (
    <IconButton label={`Trouble for ${name} in ${namespace}`} className="workload-menu">
      ⋯
    </IconButton>
  );
  return <Menu align="end" trigger={trigger} entries={entries} />;
}
