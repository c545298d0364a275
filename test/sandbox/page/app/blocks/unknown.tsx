import './unknown.css';

/** In place of what the page cannot show. */
export function Unknown({ what, type }: { what: 'A block' | 'An element'; type: string }) {
  return (
    <p className="unknown-block">
      {what} of type {type}, which this page does not show
    </p>
  );
}
