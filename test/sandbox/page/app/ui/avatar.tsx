import './avatar.css';
import { usePerson } from '../people.ts';

const COLOURS = ['#2b6cb0', '#8a5a00', '#1f7a4d', '#8b3fa8', '#b23a48', '#33658a'];

/** The square beside a name; it says nothing that the name does not say. */
export function Avatar({ user, size = 36 }: { user: string; size?: number }) {
  const { realName, isApp, id } = usePerson(user);
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  const background = isApp ? '#1d3557' : COLOURS[sum % COLOURS.length];
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ width: size, height: size, fontSize: size * 0.45, background }}
    >
      {isApp ? '✓' : realName.charAt(0)}
    </span>
  );
}
