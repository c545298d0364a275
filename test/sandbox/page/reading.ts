import type { StoredFile } from '../../support/slack/state.ts';
import type { Asset } from './bundle-page.ts';
import { SHELL } from './shell.ts';
import type { Traffic } from './traffic.ts';

export interface ReadingOptions {
  /** By file name. */
  assets: ReadonlyMap<string, Asset>;
  traffic: Traffic;
  files: ReadonlyMap<string, StoredFile>;
}

export type Reading = (path: string) => Asset | undefined;

const asset = (type: string, text: string): Asset => ({ type: `${type}; charset=utf-8`, body: Buffer.from(text) });

/** What can be read at a path; undefined where there is nothing. */
export function createReading({ assets, traffic, files }: ReadingOptions): Reading {
  const folders: Record<string, (name: string) => Asset | undefined> = {
    '': (name) => assets.get(name),
    traffic(id) {
      // Null where it was so long ago that it is not kept.
      return asset('application/json', JSON.stringify(traffic.detail(Number(id)) ?? null));
    },
    files(id) {
      const file = files.get(id);
      return file && asset('text/plain', file.content.toString('utf8'));
    },
  };
  return (path) => {
    if (path === '/') return asset('text/html', SHELL);
    const [, folder = '', name = ''] = /^\/(?:(traffic|files)\/)?([\w.-]+)$/.exec(path) ?? [];
    return folders[folder]?.(name);
  };
}
