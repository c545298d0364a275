/** The same image with the last number of its tag counted up; a tag of its own where it has none with a number. */
export function nextVersion(image: string): string {
  const tagAt = image.indexOf(':', image.lastIndexOf('/') + 1);
  if (tagAt === -1) return `${image}:1`;
  const tag = image.slice(tagAt + 1);
  const numbered = /^(.*?)(\d+)(\D*)$/.exec(tag);
  if (!numbered) return `${image}-1`;
  const [, before, number, after] = numbered;
  return `${image.slice(0, tagAt + 1)}${before}${Number(number) + 1}${after}`;
}
