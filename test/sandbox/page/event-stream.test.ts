import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type EventStream, openEventStream } from './event-stream.ts';

const MEBIBYTE = 'x'.repeat(1024 * 1024);

/** A stream, and the one who listens to it and has not read anything yet. */
async function listen() {
  const { promise, resolve } = Promise.withResolvers<EventStream>();
  const server = createServer((_, response) => resolve(openEventStream(response, {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const window = connect((server.address() as AddressInfo).port, '127.0.0.1');
  window.pause().write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  onTestFinished(() => {
    window.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { stream: await promise, window };
}

it('cuts off a window that does not read, rather than keep all that it has missed', async () => {
  const { stream } = await listen();
  const closed = new Promise<void>((resolve) => stream.onClose(resolve));
  for (let sent = 0; sent < 64; sent += 1) stream.send('slices', MEBIBYTE);
  await closed;
});

it('keeps a window that reads, however much that is', async () => {
  const { stream, window } = await listen();
  let isClosed = false;
  let got = 0;
  stream.onClose(() => {
    isClosed = true;
  });
  window.on('data', (chunk) => {
    got += chunk.length;
  });
  window.resume();
  for (let sent = 1; sent <= 64; sent += 1) {
    stream.send('slices', MEBIBYTE);
    while (got < sent * MEBIBYTE.length) await once(window, 'data');
  }
  expect(isClosed).toBe(false);
});
