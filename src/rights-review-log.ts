import type { Logger } from 'pino';
import { type Lack, shortfallSentence } from './rights-review-words.ts';

/**
 * Says what is new since the last review, each thing once: a warning for what does not work, with the missing rights as a
 * Role names them. `before` undefined: this was the first. True where anything is new. `apply`: what prints the rights.
 */
export function logReview(
  logger: Logger,
  before: readonly Lack[] | undefined,
  after: readonly Lack[],
  apply: string,
): boolean {
  const [then, now] = [sentencesOf(before ?? []), sentencesOf(after)];
  for (const lack of after) if (!then.has(shortfallSentence(lack.shortfall))) warn(logger, lack, apply);
  const over = (before ?? []).filter(({ shortfall }) => after.every((lack) => lack.shortfall.what !== shortfall.what));
  for (const { shortfall, part } of over) {
    logger.info({ action: shortfall.action, part }, `This has been put right: ${shortfallSentence(shortfall)}`);
  }
  const isNew = before === undefined || then.size !== now.size || [...now].some((sentence) => !then.has(sentence));
  if (isNew && after.length === 0) logger.info('opsbot has every right that its configuration needs');
  return isNew;
}

function sentencesOf(lacks: readonly Lack[]): Set<string> {
  return new Set(lacks.map(({ shortfall }) => shortfallSentence(shortfall)));
}

function warn(logger: Logger, { shortfall, part, rights: missing }: Lack, apply: string): void {
  const { action, namespaces, advice } = shortfall;
  logger.warn({ action, part, namespaces, missing, apply }, `${shortfallSentence(shortfall)} ${advice}`);
}
