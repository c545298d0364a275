import type { IncomingMessage } from 'node:http';
import type { Json } from './types.ts';

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Arguments from the query, a form or JSON; an unreadable body has none. */
export function parseArgs(url: URL, type: string, body: Buffer): Json {
  const query = Object.fromEntries(url.searchParams);
  const text = body.toString('utf8');
  if (!type.includes('json')) return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
  try {
    return { ...query, ...(JSON.parse(text) as Json) };
  } catch {
    return query;
  }
}

/** The uploaded bytes: the raw body, or the first file of a multipart form. */
export async function uploadedBytes(type: string, body: Buffer): Promise<Buffer> {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const value of form.values()) {
    return typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}
