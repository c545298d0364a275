import type { IncomingMessage } from 'node:http';
import { badRequest, unsupportedMediaType } from '../status-error.ts';
import type { Json } from '../types.ts';

export interface Body {
  contentType: string;
  text: string;
}

export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const [contentType = ''] = (request.headers['content-type'] ?? 'application/json').split(';');
  return { contentType: contentType.trim(), text: Buffer.concat(chunks).toString() };
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: json parse error: ${String(error)}`);
  }
}

/** The object of a create or an update. */
export function parseObject({ contentType, text }: Body, kind: string): Json {
  if (contentType !== 'application/json') throw unsupportedMediaType('application/json');
  const object = parseJson(text);
  if (object?.kind !== kind) {
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): kind is ${object?.kind}`);
  }
  return { ...object, metadata: object.metadata ?? {} };
}

/** A list or watch needs none, and a delete may come with none. */
export const parseOptions = ({ text }: Body): Json => (text === '' ? {} : parseJson(text));
