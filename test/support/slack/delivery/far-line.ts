import { Duplex } from 'node:stream';

/**
 * A connection as long as one to the real Slack: whatever is sent, either way, takes `ms` to get there. It also ends as
 * Slack's do: Slack answers a Close, but does not close the connection below it (node-slack-sdk #2752); that is left to
 * the app.
 */
export function farLine(near: Duplex, ms: number): Duplex {
  const later = (what: () => void) => void setTimeout(what, ms).unref();
  const far = new Duplex({
    // What comes in is pushed as it arrives; frames are small.
    read() {},
    write(chunk: Buffer, _encoding, done) {
      later(() => near.writable && near.write(chunk));
      done();
    },
    final: (done) => done(),
    destroy(error, done) {
      near.destroy();
      done(error);
    },
  });
  near.on('data', (chunk: Buffer) => later(() => far.push(chunk)));
  near.on('end', () => later(() => far.push(null)));
  near.on('error', () => far.destroy());
  near.on('close', () => later(() => far.destroy()));
  return far;
}
