/** Loaded into opsbot first: at SIGUSR2 a promise fails that nobody looks at, as ioredis fails with its command in the error. */
process.on('SIGUSR2', () => {
  const args = [process.env.FAIL_WITH];
  void Promise.reject(Object.assign(new Error(`refused: AUTH ${args}`), { command: { name: 'auth', args } }));
});
