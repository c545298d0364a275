import { isLink } from './text/parse-reference.ts';

/** The page loads nothing from elsewhere: an image is its description, and a link. */
export function ImageLink({ image }: { image: { alt_text?: string; image_url?: string } }) {
  const words = image.alt_text || 'Image';
  if (image.image_url === undefined || !isLink(image.image_url)) return <span>{words}</span>;
  return (
    <a href={image.image_url} target="_blank" rel="noreferrer">
      {words}
    </a>
  );
}
