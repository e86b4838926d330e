import net from 'node:net'

/** Tests talk to this machine only; anything else is a mistake and fails at once. */
type Connect = (...args: unknown[]) => net.Socket

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back with its own `this`
const connect = net.Socket.prototype.connect as Connect

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const host = hostOf(args)
  if (host !== undefined && !/^(localhost|127\.|::1$|\[::1\])/.test(host)) {
    throw new Error(`A test tried to reach ${host}`)
  }
  return connect.apply(this, args)
}

/** Options come as an object, as `port, host`, or normalised into an array; a path is a local socket. */
function hostOf(args: unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) return (first as { host?: string }).host
  return typeof first === 'number' && typeof second === 'string' ? second : undefined
}
