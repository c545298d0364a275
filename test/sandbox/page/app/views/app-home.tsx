import './app-home.css';
import { useEffect, useMemo } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { perform } from '../notices.ts';
import { useSlice } from '../store.ts';

/** The app's Home tab. Opening it tells the app, which fills it. */
export function AppHome() {
  const home = useSlice('home');
  useEffect(() => void perform({ do: 'open home' }), []);
  const view = home?.view.id ?? '';
  const on = useMemo(() => ({ view }), [view]);
  return (
    <div className="app-home">
      {home ? (
        <div className="app-home-blocks">
          <Blocks blocks={home.view.blocks} on={on} entered={home.entered} />
        </div>
      ) : (
        <p className="app-home-waiting" role="status">
          opsbot is filling this tab …
        </p>
      )}
    </div>
  );
}
