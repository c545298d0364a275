/** Loaded into opsbot before anything else: its clock is two hours ahead, as if it had been away for so long. */
const AHEAD_MS = 2 * 3_600_000;

const now = Date.now;
Date.now = () => now() + AHEAD_MS;
