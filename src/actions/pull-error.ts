/** Why an image cannot be pulled. */
interface PullError {
  image: string | undefined;
  /** The registry's answer, or what kept the node from asking; undefined where the words do not tell. */
  answer: string | undefined;
}

/** What kubelet, container runtime and their protocol wrap around the answer: who said it, not what. */
const WRAPPING: readonly RegExp[] = [
  /^Back-off pulling image "[^"]*"$/,
  /^Failed to pull image "[^"]*"$/,
  /^(ErrImagePull|ImagePullBackOff|RegistryUnavailable)$/,
  /^rpc error$/,
  /^failed to pull and unpack image "[^"]*"$/,
  /^failed to resolve (reference|image) "[^"]*"$/,
  /^Error response from daemon$/,
  /^Error$/,
];

/** Reads a container's message or an event of its pod: once what they say in layers, each repeating the image. */
export function readPullError(message: string): PullError {
  const names = [...message.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const parts = message
    .replace(/\s+/g, ' ')
    .trim()
    .split(': ')
    .map((part) => part.replace(/^code = \w+ desc = /, ''))
    .filter((part) => !names.includes(part) && !WRAPPING.some((layer) => layer.test(part)));
  const answer = parts.filter((part, at) => part !== parts[at - 1]).join(': ');
  return { image: /image "([^"]+)"/.exec(message)?.[1], answer: answer === '' ? undefined : answer };
}
