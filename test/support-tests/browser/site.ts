import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Site extends AsyncDisposable {
  url: string;
}

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript' };

/** A site on the loopback address: its files by name, as strict about scripts as the sandbox. `index.html` comes first. */
export async function serveSite(files: Record<string, string>): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const content = files[name];
    response.setHeader('Content-Security-Policy', "default-src 'self'");
    if (content === undefined) return void response.writeHead(404).end();
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
    response.setHeader('Content-Type', `${type}; charset=utf-8`).end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A page without a fault but for what is put into it. */
export function htmlPage({ main = '<p>All is well.</p>', popup = '', script = false } = {}): string {
  return `<!doctype html>
<html lang="en">
<head><title>A page</title>${script ? '<script src="script.js" defer></script>' : ''}</head>
<body><main><h1>A page</h1>${main}</main>${popup}</body>
</html>`;
}
