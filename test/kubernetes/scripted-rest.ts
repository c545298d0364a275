import { Agent } from 'undici';
import { createRest, type Rest } from '../../src/kubernetes/rest.ts';

/** Plain calls to a test's server, without a kubeconfig. */
export function restTo(url: string, timeoutMs = 2_000): Rest {
  const dispatcher = new Agent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  return createRest(
    {
      server: url,
      namespace: 'default',
      prepare: async () => ({ headers: {}, dispatcher }),
      close: () => dispatcher.destroy(),
    },
    { timeoutMs },
  );
}
