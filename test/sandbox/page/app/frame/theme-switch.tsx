import { type ReactNode, useEffect, useState } from 'react';
import { MoonIcon, SunIcon, SystemIcon } from '../ui/icons.tsx';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const SIGNS: Record<Theme, ReactNode> = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon /> };
const KEY = 'opsbot-sandbox-theme';

const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);

function remembered(): Theme {
  const found = window.localStorage.getItem(KEY);
  return isTheme(found) ? found : 'system';
}

/** Light, dark, or as the system has it; remembered by the browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
    window.localStorage.setItem(KEY, theme);
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const label = `Colours: ${theme}. Change to ${next}`;
  return (
    <button type="button" className="top-bar-button" aria-label={label} title={label} onClick={() => setTheme(next)}>
      {SIGNS[theme]}
    </button>
  );
}
