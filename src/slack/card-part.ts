/** How the message of a revision is named in its metadata. */
export const cardPart = (revision: number): string => `card-${revision}`;

export function revisionIn(part: string): number | undefined {
  const match = /^card-(\d{1,9})$/.exec(part);
  return match ? Number(match[1]) : undefined;
}
