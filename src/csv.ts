/**
 * A line of CSV (RFC 4180), with its end. A spreadsheet takes a cell that begins with one of `= + - @`, a tab or a
 * carriage return for a formula (OWASP, CSV Injection): such a cell gets an apostrophe in front.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  const harmless = /^[=+\-@\t\r\n\0＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return `"${harmless.replaceAll('"', '""')}"`;
}
