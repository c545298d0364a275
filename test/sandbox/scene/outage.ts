import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';

export interface Outage {
  /** Stops the API server for a while. Throws a sentence where it is stopped already. */
  begin(): Promise<string>;
  /** ms since the epoch when it answers again; undefined while it does. */
  backAt(): number | undefined;
  /** Why it does not come back, where it does not. */
  problem(): string | undefined;
  /** Nothing comes back after that. */
  end(): Promise<void>;
}

export interface OutageOptions {
  cluster: Pick<LocalCluster, 'disconnect' | 'start'>;
  /** How long, in ms. */
  lasts: number;
  /** Told when it begins and when it is over. */
  onChange(): void;
}

/** Outages of the local cluster's API server: what is in the cluster lives on meanwhile. */
export function createOutage({ cluster, lasts, onChange }: OutageOptions): Outage {
  let backAt: number | undefined;
  let problem: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let returning: Promise<void> = Promise.resolve();
  let isOver = false;

  async function comeBack(): Promise<void> {
    try {
      await cluster.start();
      backAt = undefined;
    } catch (error) {
      problem = `The API server cannot be started again: ${error instanceof Error ? error.message : error}.`;
    }
    onChange();
  }

  return {
    async begin() {
      if (problem !== undefined) throw new Error(problem);
      if (backAt !== undefined) {
        const left = Math.max(1, Math.ceil((backAt - Date.now()) / 1000));
        throw new Error(`The API server is stopped already. It answers again in ${left} s.`);
      }
      backAt = Date.now() + lasts;
      onChange();
      await cluster.disconnect();
      if (!isOver) {
        timer = setTimeout(() => {
          returning = comeBack();
        }, lasts);
      }
      return `The API server is stopped. It answers again in ${Math.ceil(lasts / 1000)} s.`;
    },
    backAt: () => backAt,
    problem: () => problem,
    async end() {
      isOver = true;
      clearTimeout(timer);
      await returning;
    },
  };
}
