/** IP addresses with ports, as people write them. */
import { isIP, isIPv6 } from 'node:net'

export interface BindAddress {
  /** An IP address, IPv6 without brackets. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

/** Reads `127.0.0.1:4000` or `[::1]:4000`; null for anything else, host names included. */
export function parseBindAddress(text: string): BindAddress | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  if (!match) return null
  const [, v6, v4, digits] = match
  const host = v6 ?? v4 ?? ''
  const port = Number(digits)
  return isIP(host) === (v6 === undefined ? 4 : 6) && port <= 65_535 ? { host, port } : null
}

/** The opposite of `parseBindAddress`. */
export function formatAddress({ host, port }: BindAddress): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether only this machine can reach the address: 127.0.0.0/8 and ::1, also as IPv4 inside IPv6. */
export function isLoopback(host: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(host) || host === '::1'
}
