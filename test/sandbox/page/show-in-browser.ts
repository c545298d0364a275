/** Opens it in the browser of whoever sits here; nothing happens where there is no screen. */
export async function showInBrowser(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const hasScreen = process.platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasScreen || env.SSH_CONNECTION) return;
  const { default: open } = await import('open');
  await open(url).catch(() => undefined); // the address stands in the terminal
}
