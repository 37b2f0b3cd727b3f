/**
 * The milliseconds that this thread has computed so far. Unlike a clock's time, they do not grow while other programs
 * have the processor, so that a bound on them holds on a busy machine.
 */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
