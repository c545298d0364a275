import './notices.css';
import { dismissNotice, useNotices } from '../notices.ts';
import { IconButton } from '../ui/icon-button.tsx';

/** What has just been done or did not work, at the head of the page. */
export function Notices() {
  const notices = useNotices();
  return (
    <div className="notices" role="status">
      {notices.map(({ id, text, bad }) => (
        <p key={id} className={bad ? 'notice notice-bad' : 'notice'}>
          {bad ? <span aria-hidden="true">⚠️</span> : null}
          <span>{text}</span>
          <IconButton label="Dismiss" onClick={() => dismissNotice(id)}>
            ✕
          </IconButton>
        </p>
      ))}
    </div>
  );
}
