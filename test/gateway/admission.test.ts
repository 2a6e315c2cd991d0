import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AdmissionRules, refusal, type Visit } from '../../src/gateway/admission.ts'

const rules = (over: Partial<AdmissionRules> = {}): AdmissionRules => ({
  authToken: null,
  authTokenFile: '/nowhere/auth-token',
  host: '127.0.0.1',
  allowedHosts: [],
  allowedOrigins: [],
  peer: undefined,
  ...over,
})

function visit(path: string, headers: Record<string, string> = {}, over: Partial<Visit> = {}): Visit {
  const request = new Request(`http://127.0.0.1:4000${path}`, { headers: { host: '127.0.0.1:4000', ...headers } })
  return { request, pathname: path.split('?')[0] ?? '', viaSocketFile: false, peer: null, ...over }
}

const status = (over: Partial<AdmissionRules>, asked: Visit) => refusal(rules(over), asked)?.status

describe('origin', () => {
  test('native clients send none and come in', () => expect(status({}, visit('/ws'))).toBeUndefined())
  test('a page of somebody else is refused on the socket and on hooks', () => {
    expect(status({}, visit('/ws', { origin: 'https://evil.example' }))).toBe(403)
    expect(status({}, visit('/api/hook', { origin: 'null' }))).toBe(403)
  })
  test('our own page and listed origins come in', () => {
    expect(status({}, visit('/ws', { origin: 'http://127.0.0.1:4000' }))).toBeUndefined()
    const allowedOrigins = ['https://desk.example']
    expect(status({ allowedOrigins }, visit('/ws', { origin: 'https://desk.example' }))).toBeUndefined()
  })
  test('is asked on the Unix socket too, where the host is not', () => {
    const viaSocketFile = true
    expect(status({}, visit('/ws', { origin: 'https://evil.example' }, { viaSocketFile }))).toBe(403)
    expect(status({}, visit('/ws', { host: 'anything' }, { viaSocketFile }))).toBeUndefined()
  })
})

describe('host', () => {
  test('a name that was rebound to a loopback address is refused', () => {
    expect(status({}, visit('/ws', { host: 'evil.example:4000' }))).toBe(403)
    expect(status({}, visit('/ws', { host: '127.0.0.1.evil.example' }))).toBe(403)
  })
  test.each(['localhost', 'localhost:4000', '127.0.0.1', '127.9.9.9:1', '[::1]:4000', 'LOCALHOST:80'])(
    '%s is ours',
    (host) => expect(status({}, visit('/ws', { host }))).toBeUndefined(),
  )
  test('listed names come in, and on other binds the token decides', () => {
    expect(status({ allowedHosts: ['box.local'] }, visit('/ws', { host: 'box.local:4000' }))).toBeUndefined()
    expect(status({ host: '0.0.0.0' }, visit('/ws', { host: 'box.local:4000' }))).toBeUndefined()
  })
})

describe('token', () => {
  const authToken = 'tok123'
  test('is not asked for when there is none', () => expect(status({}, visit('/ws'))).toBeUndefined())
  test('missing or wrong is 401 everywhere but on /health', () => {
    expect(status({ authToken }, visit('/ws'))).toBe(401)
    expect(status({ authToken }, visit('/ws', { authorization: 'Bearer tok124' }))).toBe(401)
    expect(status({ authToken }, visit('/api/hook', { authorization: 'tok123' }))).toBe(401)
    expect(status({ authToken }, visit('/nope'))).toBe(401)
    expect(status({ authToken }, visit('/health'))).toBeUndefined()
  })
  test('comes in a header, and on the socket in the address, decoded', () => {
    expect(status({ authToken }, visit('/api/hook', { authorization: 'Bearer tok123' }))).toBeUndefined()
    expect(status({ authToken }, visit('/ws?a=b&token=tok123'))).toBeUndefined()
    expect(status({ authToken: 'a+b/c' }, visit('/ws?token=a%2Bb%2Fc'))).toBeUndefined()
    expect(status({ authToken }, visit('/api/hook?token=tok123'))).toBe(401)
  })
  test('of the token file is as good, and an empty file opens nothing', () => {
    const directory = mkdtempSync(join(tmpdir(), 'admission-'))
    const authTokenFile = join(directory, 'auth-token')
    const asked = visit('/ws', { authorization: 'Bearer from-file' })
    expect(status({ authToken, authTokenFile }, asked)).toBe(401)
    writeFileSync(authTokenFile, 'from-file\n')
    expect(status({ authToken, authTokenFile }, asked)).toBeUndefined()
    writeFileSync(authTokenFile, '')
    expect(status({ authToken, authTokenFile }, visit('/ws', { authorization: 'Bearer  ' }))).toBe(401)
    rmSync(directory, { recursive: true })
  })
})
