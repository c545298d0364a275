import '@fontsource/lato/latin-400.css';
import '@fontsource/lato/latin-700.css';
import '@fontsource/lato/latin-900.css';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './connection.ts';
import { Page } from './page.tsx';

const root = document.getElementById('page');
if (!root) throw new Error('the shell has no #page');
connect();
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
