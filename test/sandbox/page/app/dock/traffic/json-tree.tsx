import './json-tree.css';
import { useState } from 'react';
import { insideOf, jsonPreview, leafText } from './json-preview.ts';

export interface JsonTreeProps {
  value: unknown;
  /** What it is called in the object around it. */
  name?: string;
  /** How many levels are open to begin with. */
  open?: number;
}

/** JSON that opens and closes level by level. */
export function JsonTree({ value, name, open = 2 }: JsonTreeProps) {
  const inside = insideOf(value);
  if (inside) return <Branch value={value} inside={inside} name={name} open={open} />;
  return (
    <div className="json-leaf">
      <Name name={name} />
      <span className={`json-${value === null ? 'null' : typeof value}`}>{leafText(value)}</span>
    </div>
  );
}

interface BranchProps {
  value: unknown;
  inside: [string, unknown][];
  name: string | undefined;
  open: number;
}

/** What is inside is made when it is opened: payloads can be large. */
function Branch({ value, inside, name, open }: BranchProps) {
  const [isOpen, setOpen] = useState(open > 0);
  return (
    <details className="json-branch" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="json-summary">
        <Name name={name} />
        <span className="json-preview">{jsonPreview(value)}</span>
      </summary>
      {isOpen ? (
        <div className="json-inside">
          {inside.map(([key, part]) => (
            <JsonTree key={key} name={key} value={part} open={open - 1} />
          ))}
        </div>
      ) : null}
    </details>
  );
}

const Name = ({ name }: { name: string | undefined }) =>
  name === undefined ? null : (
    <>
      <span className="json-name">{name}</span>
      {': '}
    </>
  );
