import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { stringify } from 'node:querystring';
import type { Clock } from '../clock.ts';
import { ACK_MS, type Delivered, type Delivery, type Envelope } from './delivery.ts';

/** `v0=…`: the signature that Slack puts on what it sends, over the version, the time (s) and the raw body. */
export function signBody(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

interface Answer {
  status: number;
  noRetry: boolean;
  payload: unknown;
}

export interface HttpDelivery extends Delivery {
  /** The handshake by which Slack makes sure that the URL is the app's. Throws where the answer is wrong. */
  verifyUrl(): Promise<void>;
}

function encode(envelope: Envelope): { type: string; body: string } {
  if (envelope.kind === 'events_api') return { type: 'application/json', body: JSON.stringify(envelope.payload) };
  const form =
    envelope.kind === 'interactive'
      ? { payload: JSON.stringify(envelope.payload) }
      : Object.fromEntries(Object.entries(envelope.payload).map(([name, value]) => [name, String(value ?? '')]));
  return { type: 'application/x-www-form-urlencoded', body: stringify(form) };
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    noRetry: response.headers['x-slack-no-retry'] === '1',
    payload: parse(Buffer.concat(chunks).toString('utf8')),
  };
}

/** Signed HTTP: everything goes to the one request URL. */
export function createHttpDelivery(url: string, signingSecret: string, clock: Clock): HttpDelivery {
  const post = (type: string, body: string, headers: Record<string, string>) => {
    const timestamp = Math.floor(clock.now() / 1000);
    const abort = new AbortController();
    const cancel = clock.after(ACK_MS, () => abort.abort());
    return new Promise<Answer>((resolve, reject) => {
      const call = request(url, {
        method: 'POST',
        agent: false,
        signal: abort.signal,
        headers: {
          'content-type': type,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          'x-slack-request-timestamp': String(timestamp),
          'x-slack-signature': signBody(signingSecret, timestamp, body),
          ...headers,
        },
      });
      call.on('response', (response) => void read(response).then(resolve, reject));
      call.on('error', reject);
      call.end(body);
    }).finally(cancel);
  };

  return {
    async deliver(envelope): Promise<Delivered> {
      const began = clock.now();
      const { type, body } = encode(envelope);
      const retry = envelope.retry;
      const headers = retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason };
      try {
        const { status, noRetry, payload } = await post(type, body, headers ?? {});
        const ms = clock.now() - began;
        if (status >= 200 && status < 300) return { acked: true, payload, ms };
        return { acked: false, error: 'dispatch_failed', retryReason: 'http_error', noRetry, ms };
      } catch (error) {
        const ms = clock.now() - began;
        const timeout = (error as Error).name === 'AbortError';
        if (timeout) return { acked: false, error: 'operation_timeout', retryReason: 'http_timeout', ms };
        return { acked: false, error: 'dispatch_failed', retryReason: 'connection_failed', ms };
      }
    },
    async verifyUrl() {
      const challenge = 'a-challenge-of-the-local-slack';
      const body = JSON.stringify({ token: 'local', type: 'url_verification', challenge });
      const { status, payload } = await post('application/json', body, {});
      const answer = typeof payload === 'object' ? (payload as { challenge?: unknown }).challenge : payload;
      if (status !== 200 || answer !== challenge) throw new Error(`the URL did not return the challenge: ${status}`);
    },
    close: async () => {},
  };
}
