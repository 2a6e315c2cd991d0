/** Who may come in: token, Origin, Host, and on a loopback address the user at the other end. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isLoopback } from '../lib/bind-address.ts'
import type { PeerCheck } from './peer.ts'

export interface AdmissionRules {
  /** Null switches authentication off. */
  readonly authToken: string | null
  /** The file whose token our own script and commands present; as good as `authToken` where one is asked for. */
  readonly authTokenFile: string
  /** The address that is served, an IP. */
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  /** Undefined where everybody on this machine may connect. */
  readonly peer: PeerCheck | undefined
}

export interface Visit {
  readonly request: Request
  readonly pathname: string
  /** Over the Unix socket: its file mode has already admitted the caller. */
  readonly viaSocketFile: boolean
  readonly peer: { readonly address: string; readonly port: number } | null
}

/** The refusal, with words for the person who reads it; undefined when the visitor may come in. */
export function refusal(rules: AdmissionRules, visit: Visit): Response | undefined {
  if (visit.pathname === '/health') return undefined
  if (!originAllowed(rules, visit))
    return no(403, 'Web pages of this origin may not connect. Allow it with --allowed-origins.')
  if (visit.viaSocketFile) return undefined
  if (!hostAllowed(rules, visit)) return no(403, 'This Host header is not allowed. Allow it with --allowed-hosts.')
  if (!tokenAllowed(rules, visit)) return new Response(null, { status: 401 })
  if (!peerAllowed(rules, visit))
    return no(403, 'Only the user who runs this server may connect. Start it with --allow-other-users to lift this.')
  return undefined
}

function no(status: number, text: string): Response {
  return new Response(`${text}\n`, { status })
}

/** Native clients send no Origin; a page may come from where it is served, or from a listed origin. */
function originAllowed({ allowedOrigins }: AdmissionRules, { request }: Visit): boolean {
  const origin = request.headers.get('origin')
  if (origin === null) return true
  if (allowedOrigins.includes(origin)) return true
  const host = request.headers.get('host')
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`)
}

/** On a loopback address only loopback names: a page whose name was rebound to 127.0.0.1 must not get in. */
function hostAllowed({ host, allowedHosts }: AdmissionRules, { request }: Visit): boolean {
  if (!isLoopback(host)) return true
  const header = request.headers.get('host')
  if (header === null) return true
  const name = hostName(header)
  return isLoopbackName(name) || allowedHosts.includes(name)
}

function hostName(header: string): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || isLoopback(name)
}

function tokenAllowed({ authToken, authTokenFile }: AdmissionRules, { request, pathname }: Visit): boolean {
  if (authToken === null) return true
  const given = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? queryToken(request, pathname)
  if (given === undefined) return false
  return sameSecret(given, authToken) || sameSecret(given, readToken(authTokenFile))
}

/** Browsers cannot set headers on a WebSocket, so it may carry the token in its address; nothing else may. */
function queryToken(request: Request, pathname: string): string | undefined {
  if (pathname !== '/ws') return undefined
  return new URL(request.url).searchParams.get('token') ?? undefined
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

/** Compares in constant time; an empty secret matches nothing. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return secret !== '' && timingSafeEqual(digest(given), digest(secret))
}

function peerAllowed({ peer: check }: AdmissionRules, { peer }: Visit): boolean {
  return check === undefined || peer === null || !isLoopback(peer.address) || check.allows(peer)
}
