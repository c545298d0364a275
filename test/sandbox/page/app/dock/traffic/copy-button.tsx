import { notice } from '../../notices.ts';

/** Puts what `opsbot sent` into the clipboard. */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => notice('Copied.'),
      () => notice('The browser does not let the page copy. Mark the text and copy it yourself.', { bad: true }),
    );
  return (
    <button type="button" className="dock-button" onClick={() => void copy()}>
      Copy<span className="visually-hidden"> what {what}</span>
    </button>
  );
}
