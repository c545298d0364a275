import './snippet.css';
import { useId, useState } from 'react';
import type { FileSlice } from '../../wire.ts';
import { fileSize } from './file-size.ts';

/** Lines that are seen before one asks for more. */
const LINES_SHOWN = 6;

/** A text file: how it begins, and where all of it is. */
export function Snippet({ file: { id, name, title, size, lines, preview, isWhole } }: { file: FileSlice }) {
  const [isOpen, setOpen] = useState(false);
  const previewId = useId();
  return (
    <div className="snippet">
      <div className="snippet-head">
        <span className="snippet-name">{title || name}</span>
        <span className="snippet-about">
          {lines} {lines === 1 ? 'line' : 'lines'}, {fileSize(size)}
        </span>
        <a className="snippet-raw" href={`/files/${id}`} target="_blank" rel="noreferrer">
          Open raw
        </a>
      </div>
      <section
        id={previewId}
        className={isOpen ? 'snippet-preview snippet-preview-open' : 'snippet-preview'}
        aria-label={`Preview of ${title || name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
      >
        <pre>{preview}</pre>
        {isWhole || !isOpen ? null : <p className="snippet-about">Only the beginning. “Open raw” shows all of it.</p>}
      </section>
      {lines > LINES_SHOWN ? (
        <button
          type="button"
          className="snippet-more"
          aria-expanded={isOpen}
          aria-controls={previewId}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Collapse' : 'Expand'}
          <span className="visually-hidden"> {title || name}</span>
        </button>
      ) : null}
    </div>
  );
}
