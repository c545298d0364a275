/** `alice, bob and you reacted with :eyes:`; `names` are of all who did, and whoever looks is last. */
export function reactionSentence(emoji: string, names: readonly string[], isMine: boolean): string {
  const who = isMine ? [...names, names.length === 0 ? 'You' : 'you'] : names;
  const list = who.length < 2 ? (who[0] ?? 'Nobody') : `${who.slice(0, -1).join(', ')} and ${who.at(-1)}`;
  return `${list} reacted with :${emoji}:`;
}
