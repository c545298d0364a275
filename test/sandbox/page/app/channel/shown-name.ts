import type { PersonSlice } from '../../wire.ts';

/** People by their full name, an app by the name that it is mentioned with. */
export const shownName = ({ isApp, name, realName }: PersonSlice): string => (isApp ? name : realName);
